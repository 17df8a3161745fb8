using System.Diagnostics;
using System.Text;

namespace PyAsync.Tests;

/// <summary>This test program again, as a process of its own that runs one scenario.</summary>
internal static class ChildProcess
{
    public static Task<(int Code, string Output, string Errors)> Run(string[] scenario) => Run(scenario, []);

    /// <param name="scenario">What follows <c>--child</c>.</param>
    /// <param name="signals">Signals to send: each once the process has printed the text beside it.</param>
    public static async Task<(int Code, string Output, string Errors)> Run(string[] scenario, (string When, string Signal)[] signals)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--child", .. scenario])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        int next = 0;
        using var cts = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cts.Token) is { } line)
            {
                output.AppendLine(line);
                if (next < signals.Length && line == signals[next].When)
                {
                    using var kill = Process.Start("kill", ["-" + signals[next].Signal, process.Id.ToString()])!;
                    await kill.WaitForExitAsync(cts.Token);
                    next++;
                }
            }

            await process.WaitForExitAsync(cts.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The scenario {string.Join(' ', scenario)} did not end. {output} {await errors}");
        }

        return (process.ExitCode, output.ToString(), await errors);
    }
}
