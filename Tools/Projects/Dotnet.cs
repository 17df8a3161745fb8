using System.Diagnostics;

namespace PyAsync.Tool;

/// <summary>The <c>dotnet</c> command that runs this program.</summary>
internal static class Dotnet
{
    private static string Path => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs it with its output on this console.</summary>
    /// <exception cref="ToolException">It failed; what it said is on the console already.</exception>
    public static async Task Run(IEnumerable<string> arguments, CancellationToken ct)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync(ct).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new ToolException("The build failed.");
        }
    }

    /// <summary>Runs it and returns what it printed.</summary>
    public static Task<string> Read(IEnumerable<string> arguments, CancellationToken ct) => ProgramOutput.Read(Path, arguments, ct);
}
