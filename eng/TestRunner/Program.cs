using System.CommandLine;
using System.Runtime.InteropServices;
using PyAsync.TestRunner.Running;

namespace PyAsync.TestRunner;

internal static class Program
{
    // The exit code that a shell reports for a program that SIGINT ended.
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] args)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Runs the cells with this in their names, such as Hosting, Conformance or uvloop.",
            HelpName = "NAME",
        };
        var python = new Option<string[]>("--python") { Description = "Uses only this Python: a version, such as 3.13 or 3.11.2, or a path.", HelpName = "PYTHON" };
        var all = new Option<bool>("--all") { Description = "Runs the whole product of Pythons, loops, backends and asyncio's modes." };
        var list = new Option<bool>("--list") { Description = "Prints the Pythons and the cells, and runs nothing." };
        var repetitions = new Option<double?>("--repetitions") { Description = "The share of the tests' repetitions, instead of the table's: 1 is all of them.", HelpName = "SHARE" };
        var lanes = new Option<int>("--lanes") { Description = "How many cells run at a time. The default is two more than the processors: many tests wait.", DefaultValueFactory = static _ => Environment.ProcessorCount + 2, HelpName = "COUNT" };
        var noBuild = new Option<bool>("--no-build") { Description = "Runs the existing build." };
        repetitions.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 1)))
            {
                result.AddError("--repetitions is a number that is more than 0 and at most 1.");
            }
        });
        lanes.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--lanes is 1 or more.");
            }
        });
        var root = new RootCommand("Runs the tests: each program on each Python, event loop and mode that the table in eng/TestRunner/Matrix names.")
        {
            only, python, all, list, repetitions, lanes, noBuild,
        };
        using var interrupt = new CancellationTokenSource();
        using PosixSignalRegistration sigint = Register(PosixSignal.SIGINT), sigterm = Register(PosixSignal.SIGTERM), sighup = Register(PosixSignal.SIGHUP);
        root.SetAction(async (parsed, _) =>
        {
            var run = new TestRun(new Selection(
                parsed.GetValue(only) ?? [], parsed.GetValue(python) ?? [], parsed.GetValue(all), parsed.GetValue(repetitions), parsed.GetValue(lanes), !parsed.GetValue(noBuild)));
            try
            {
                return parsed.GetValue(list) ? run.List() : await run.Run(interrupt.Token);
            }
            catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Interrupted.");
                return Interrupted;
            }
        });
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        // Without a handler the runner would end before its child processes.
        PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            interrupt.Cancel();
        });
    }
}
