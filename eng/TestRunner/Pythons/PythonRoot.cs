using System.Diagnostics;

namespace PyAsync.TestRunner.Pythons;

/// <summary>The root with Debian's newest Pythons, which <c>eng/newer-pythons.sh</c> creates.</summary>
/// <param name="script">The full path of the script.</param>
internal sealed class PythonRoot(string script)
{
    /// <summary>Gets the prefix of a command that runs in the root.</summary>
    public IReadOnlyList<string> Prefix { get; } = [script, "run"];

    /// <summary>Gets the reason why there is no root, with the command that creates one; null if there is one.</summary>
    public string? Missing => Print("why").Trim() is { Length: > 0 } reason ? reason : null;

    /// <summary>Gets the paths of the Pythons in the root.</summary>
    public string[] Executables => Print("list").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Print(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo(script, [command]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
