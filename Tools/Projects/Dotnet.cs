using System.Diagnostics;

namespace PyAsync.Tool.Projects;

/// <summary>Runs the <c>dotnet</c> command that runs this program.</summary>
internal static class Dotnet
{
    private static string Path => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs it, with its output on this console.</summary>
    /// <exception cref="ToolException">It failed; its messages are on the console already.</exception>
    public static async Task Run(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new ToolException("The build failed.");
        }
    }

    /// <summary>Runs it and returns its output.</summary>
    public static Task<string> Read(IEnumerable<string> arguments, CancellationToken cancellationToken) => ProgramOutput.Read(Path, arguments, cancellationToken);
}
