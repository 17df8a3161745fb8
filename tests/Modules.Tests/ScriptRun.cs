using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PyAsync.Tests;

/// <summary>A script that has run in a separate Python, and the outcome of each of its tests.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Errors">The output of the script and of Python on stderr.</param>
/// <param name="Tests">Test → "passed", "skipped" or "failed", and the reason.</param>
internal sealed partial record ScriptRun(int Code, string Errors, IReadOnlyDictionary<string, (string Outcome, string Reason)> Tests)
{
    // Less than the runner's time for the whole program, so that the output of the script is reported.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_timeToEnd = TimeSpan.FromSeconds(10);

    private static readonly ConcurrentDictionary<(Form, string), Lazy<Task<ScriptRun>>> s_runs = new();

    /// <summary>The folder of the scripts.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripts");

    private static string Python => Environment.GetEnvironmentVariable("PYASYNC_PYTHON") is { Length: > 0 } named ? named : "python3";

    /// <summary>Gets the run of a script, which the first caller starts.</summary>
    public static Task<ScriptRun> Of(Form form, string script) =>
        s_runs.GetOrAdd((form, script), static key => new(() => Start(key.Item1, key.Item2))).Value;

    private static async Task<ScriptRun> Start(Form form, string script)
    {
        // One form runs with asyncio's debug mode and the other effects of -X dev; the other form runs as programs do.
        string[] mode = form == Form.Native ? ["-X", "dev"] : [];
        using Process process = Process.Start(new ProcessStartInfo(Python, [.. mode, "-W", "error", Path.Combine(Folder, script + ".py")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONPATH"] = TestModules.Folder(form), ["PYASYNC_TEST_SECOND_MODULE"] = TestModules.SecondFile, ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(s_timeout);
        }
        catch (TimeoutException)
        {
            // It hangs, or a child that it has left behind does.
            process.Kill(entireProcessTree: true);
            return new(-1, $"It did not end within {s_timeout}.\n{await End(errors)}", Read(await End(output)));
        }

        return new(process.ExitCode, await errors, Read(await output));
    }

    /// <summary>Returns what a killed process has printed; nothing if a process that it has left behind keeps the pipe open.</summary>
    private static async Task<string> End(Task<string> pipe) => await Task.WhenAny(pipe, Task.Delay(s_timeToEnd)) == pipe ? await pipe : "";

    private static Dictionary<string, (string Outcome, string Reason)> Read(string output)
    {
        Dictionary<string, (string Outcome, string Reason)> tests = [];
        foreach (Match outcome in Outcome().Matches(output))
        {
            tests[outcome.Groups["test"].Value] = (outcome.Groups["outcome"].Value, outcome.Groups["reason"].Value);
        }

        return tests;
    }

    [GeneratedRegex(@"^(?<outcome>passed|skipped|failed) (?<test>\w+)\n(?<reason>(    .*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Outcome();
}
