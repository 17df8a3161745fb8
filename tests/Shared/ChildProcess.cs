using System.Diagnostics;
using System.Text;

namespace PyAsync.Tests;

/// <summary>Runs this test program again, as a separate process, for one scenario.</summary>
internal static class ChildProcess
{
    // Only a process that hangs takes so long, on a busy machine as well.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    public static Task<(int Code, string Output, string Errors)> Run(string[] scenario) => Run(scenario, []);

    /// <param name="scenario">The arguments after <c>--child</c>.</param>
    /// <param name="environment">Environment variables to set, or to remove where the value is null.</param>
    public static Task<(int Code, string Output, string Errors)> Run(string[] scenario, IReadOnlyDictionary<string, string?> environment) =>
        Run(Environment.ProcessPath!, ["--child", .. scenario], environment, []);

    /// <param name="scenario">The arguments after <c>--child</c>.</param>
    /// <param name="signals">Signals to send: each once the process has printed the text beside it.</param>
    public static Task<(int Code, string Output, string Errors)> Run(string[] scenario, (string When, string Signal)[] signals) =>
        Run(Environment.ProcessPath!, ["--child", .. scenario], new Dictionary<string, string?>(), signals);

    /// <summary>Any program.</summary>
    public static async Task<(int Code, string Output, string Errors)> Run(
        string program, string[] arguments, IReadOnlyDictionary<string, string?> environment, (string When, string Signal)[] signals)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        int next = 0;
        using var cts = new CancellationTokenSource(s_timeout);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cts.Token) is { } line)
            {
                output.AppendLine(line);
                // Not equal: C# and Python may write the same text at once, and their line ends come afterwards.
                if (next < signals.Length && line.StartsWith(signals[next].When, StringComparison.Ordinal))
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
            throw new TimeoutException($"The program {program} {string.Join(' ', arguments)} did not end. {output} {await errors}");
        }

        return (process.ExitCode, output.ToString(), await errors);
    }
}
