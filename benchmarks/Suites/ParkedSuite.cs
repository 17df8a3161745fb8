using System.Globalization;
using System.Runtime;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures the bytes of a parked coroutine, of 100,000: each measurement in a separate process.</summary>
internal static class ParkedSuite
{
    public const string ChildArgument = "--parked";

    private const int Count = 100_000;
    private const string CreateTask = "loop.create_task";

    public static async Task Run(BenchRun run)
    {
        // Bytes do not depend on cores, and hardly on the loop.
        if (run.Results.Pinned || (run.Quick && run.Results.Loop != "asyncio"))
        {
            return;
        }

        ResultTable live = run.Table("Bytes per parked coroutine: live objects, on .NET's heap and in Python's allocators", "bytes");
        ResultTable resident = run.Table("Bytes per parked coroutine: what the process grows by (resident memory, after collections)", "bytes");
        double[] own = await Row(CreateTask, CreateTask);
        if (!run.Quick)
        {
            await Row(Charts.Threadsafe, Charts.Threadsafe);
        }

        foreach (Subject subject in run.Quick ? run.Subjects.Take(1) : run.Subjects)
        {
            double[] bytes = await Row(subject.Name, subject.Backend);
            run.Check(Bounds.ParkedBytes, subject.Backend, Math.Round(bytes[0] - own[0]));
        }

        async Task<double[]> Row(string name, string who)
        {
            double[] bytes = await ChildProcess.Figures(ChildArgument, run.Results.Loop, who);
            live.Rows.Add(new ResultRow(name, Figure.Of(bytes[0])));
            resident.Rows.Add(new ResultRow(name, Figure.Of(bytes[1])));
            return bytes;
        }
    }

    /// <summary>Prints live bytes and resident bytes per parked coroutine.</summary>
    public static async Task RunChild(EventLoopFactory loop, string who)
    {
        BackendCase backend = BackendCase.All.FirstOrDefault(b => b.Name == who) ?? BackendCase.All[0];
        await using Subject subject = await Subject.Start(backend, loop);
        var python = new BenchPython();
        Func<int, Task<Func<Task>>> park = who switch
        {
            CreateTask => count => ParkInPython(subject, python, "start", count),
            Charts.Threadsafe => count => ParkInPython(subject, python, "start_threadsafe", count),
            _ => count => Park(subject, python, count),
        };
        await (await park(1_000))(); // Creates everything that is created once.

        long before = await Collected(subject, python, Resident);
        Func<Task> release = await park(Count);
        long resident = await Collected(subject, python, Resident) - before;
        await release();

        await subject.Runtime.InvokeAsync(() => python["trace_memory"].Call().Dispose());
        before = await Collected(subject, python, () => Live(python));
        release = await park(Count);
        long live = await Collected(subject, python, () => Live(python)) - before;
        await subject.Runtime.InvokeAsync(() => python["stop_tracing"].Call().Dispose());
        await release();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(double)live / Count:0.0} {(double)resident / Count:0.0}"));
    }

    /// <summary>Parks from .NET: it holds the Tasks in an array that was created before, and awaits none of them yet.</summary>
    private static async Task<Func<Task>> Park(Subject subject, BenchPython python, int count)
    {
        PyObject gate = await subject.Runtime.CallAsync(python["make_event"]);
        var parked = new Task<object?>[count];
        await subject.Runtime.Spawn(async _ =>
        {
            for (int i = 0; i < count; i++)
            {
                parked[i] = subject.Runtime.CallAsync(python["park"], [gate], PyConvert.None);
            }

            await subject.Runtime.InvokeAsync(static () => true); // They have all started.
        });
        return async () =>
        {
            await subject.Runtime.InvokeAsync(() => gate.CallMethod("set").Dispose());
            await Task.WhenAll(parked);
            gate.Dispose();
        };
    }

    private static async Task<Func<Task>> ParkInPython(Subject subject, BenchPython python, string start, int count)
    {
        PyObject parked = await subject.Runtime.InvokeAsync(() => python["Parked"].Call());
        using PyObject loop = subject.Loop.GetPythonLoop();
        using PyObject method = parked.GetAttr(start);
        await subject.Runtime.SpawnBlocking(_ => method.Call([loop, count]).Dispose());
        await subject.Runtime.InvokeAsync(static () => true);
        return async () =>
        {
            using PyObject end = parked.GetAttr("end");
            await subject.Runtime.CallAsync(end, default, PyConvert.None);
            parked.Dispose();
        };
    }

    private static async Task<long> Collected(Subject subject, BenchPython python, Func<long> measure)
    {
        await subject.Runtime.InvokeAsync(() => python["collect"].Call().Dispose());
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return measure();
    }

    private static long Live(BenchPython python) =>
        GC.GetTotalMemory(forceFullCollection: true) + python["traced_memory"].Call([], PyConvert.Int64);

    private static long Resident()
    {
        const string Key = "VmRSS:";
        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..].Trim().Split(' ')[0]) * 1024;
    }
}
