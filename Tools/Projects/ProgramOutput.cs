using System.Diagnostics;

namespace PyAsync.Tool.Projects;

/// <summary>Reads another program's output.</summary>
internal static class ProgramOutput
{
    /// <exception cref="ToolException">The program does not exist, or failed; the message has its output.</exception>
    public static async Task<string> Read(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new ToolException($"{program} failed:\n{await output.ConfigureAwait(false)}{await errors.ConfigureAwait(false)}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ToolException($"{program} could not be run: {e.Message}");
        }
    }
}
