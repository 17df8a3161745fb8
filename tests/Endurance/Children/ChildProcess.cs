using System.Diagnostics;
using System.Text;

namespace PyAsync.Endurance;

/// <summary>A program to run to its end, and signals to send to it meanwhile.</summary>
/// <param name="Program">The file.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Signals">Signals by name: each is sent once the process has printed the line beside it.</param>
internal sealed record ChildProcess(string Program, string[] Arguments, params (string When, string Signal)[] Signals)
{
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>This program, with a scenario of <see cref="ChildScenarios"/>.</summary>
    public static ChildProcess OfScenario(string scenario, Combination combination, int seed, params (string When, string Signal)[] signals) =>
        new(System.Environment.ProcessPath!, ["--child", scenario, combination.Backend, combination.Loop, seed.ToString()], signals);

    /// <exception cref="TimeoutException">The process has not ended in a time that only a hanging one takes.</exception>
    public async Task<(int Code, string Output, string Errors)> Run()
    {
        // Not with this program's signal dispositions: a background job of a shell ignores SIGINT, and its children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Program, .. Arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        int next = 0;
        using var late = new CancellationTokenSource(Watchdog.Limit / 2);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
            {
                output.Append(line).Append('\n');
                if (next < Signals.Length && line == Signals[next].When)
                {
                    using var kill = Process.Start("kill", ["-" + Signals[next++].Signal, process.Id.ToString()])!;
                    await kill.WaitForExitAsync(late.Token);
                }
            }

            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{this} did not end. Output: {output} Errors: {await errors}");
        }

        return (process.ExitCode, output.ToString(), await errors);
    }

    public override string ToString() => $"{Path.GetFileName(Program)} {string.Join(' ', Arguments)}";
}
