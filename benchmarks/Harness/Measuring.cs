using System.Diagnostics;
using System.Text.Json;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>All measurements of one process: one loop, every backend.</summary>
internal static class Measuring
{
    public const string ChildArgument = "--measure";

    /// <summary>The exit code of a process that has reported why it cannot measure, for example because its loop is not installed.</summary>
    public const int CannotBeMeasured = 3;

    public static async Task<int> Run(EventLoopFactory loop, string output, Options options)
    {
        BenchRun run;
        try
        {
            run = await Start(loop, options);
        }
        catch (UvloopNotInstalledException e)
        {
            Console.WriteLine(e.Message);
            return CannotBeMeasured;
        }

        await RepeatSuite.WarmUp(run);
        (string Part, Func<BenchRun, Task> Measure)[] parts =
        [
            ("onebyone", OneByOneSuite.Run),
            ("atonce", AtOnceSuite.Run),
            ("pending", PendingSuite.Run),
            ("into", IntoPythonSuite.Run),
            ("streams", StreamSuite.Run),
            ("buffers", BufferSuite.Run),
            ("typed", TypedSuite.Run),
            ("records", RecordSuite.Run),
            ("allocations", AllocationSuite.Run),
            ("start", StartSuite.Run),
            ("parked", ParkedSuite.Run),
            ("steps", StepSuite.Run),
            ("failures", FailureSuite.Run),
            ("inbox", static run => run.Quick ? Task.CompletedTask : InboxSuite.Run(run)),
        ];
        foreach ((string part, Func<BenchRun, Task> measure) in parts)
        {
            if (options.Wants(part))
            {
                long start = Stopwatch.GetTimestamp();
                run.Part = part;
                await measure(run);
                Console.WriteLine($"  ({part}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
            }
        }

        await File.WriteAllTextAsync(output, JsonSerializer.Serialize(run.Results));
        await End(run);
        return 0;
    }

    /// <summary>Repeats one path, or several in turn, for a profiler.</summary>
    public static async Task Repeat(string what, string backend, EventLoopFactory loop)
    {
        BenchRun run = await Start(loop, new Options(Quick: false, Parts: null, Loops: null));
        await RepeatSuite.Run(run, run.Subjects.Single(subject => subject.Backend == backend), what.Split(','), TimeSpan.FromSeconds(6));
        await End(run);
    }

    private static async Task<BenchRun> Start(EventLoopFactory loop, Options options)
    {
        List<Subject> subjects = [];
        foreach (BackendCase backend in BackendCase.All)
        {
            subjects.Add(await Subject.Start(backend, loop));
        }

        var results = new ProcessResults(
            loop.Name,
            Pinned: Environment.ProcessorCount == 1,
            PythonInterpreter.Current.Installation.Version.ToString(),
            loop.Name == "asyncio" ? "" : $"{loop.Name} {Version(loop.Name)}");
        return new BenchRun(subjects, new BenchPython(), results, options.Quick);
    }

    private static async Task End(BenchRun run)
    {
        foreach (Subject subject in run.Subjects)
        {
            await subject.DisposeAsync();
        }
    }

    private static string Version(string module)
    {
        using PyObject package = PyObject.Import(module);
        using PyObject version = package.GetAttr("__version__");
        return version.ToString();
    }
}
