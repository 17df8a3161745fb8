using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures streams in both directions, and compares them with one await for each item.</summary>
internal static class StreamSuite
{
    private const string OneAwait = "`IntoFuture` of `anext()` for each item";
    private const string AloneInPython = "`async for` within Python";

    public static async Task Run(BenchRun run)
    {
        if (run.Quick && run.Results.Pinned)
        {
            return; // The bounds are those of two cores; a quick run has no time for both.
        }

        int count = run.Quick ? 200_000 : 1_000_000;
        await OfPython(run, count);
        await OfDotNet(run, count);
        await FirstItem(run);
    }

    /// <summary>Measures .NET reading an async generator that yields ints without a wait.</summary>
    private static async Task OfPython(BenchRun run, int count)
    {
        const int Awaits = 2_000;
        PyObject generate = run.Python["generate"];
        Contest contest = run.Contest($"{count:N0} ints from an async generator, read by .NET", hops: true, rounds: 9)
            .Add(AloneInPython, () => run.Reference.OnLoop(run.Python["read_all"], [generate, count], count));
        foreach (Subject subject in run.Subjects)
        {
            contest
                .Add(subject.Name, () => Read(subject, generate, count))
                .Add(Awaiting(subject), () => AwaitEach(subject, generate, Awaits));
        }

        await contest.SubjectsHold(Bounds.StreamOfPythonOverAwaits, static (c, s) => c.Ratio(s.Name, Awaiting(s))).Run();
    }

    /// <summary>Measures Python reading an <see cref="IAsyncEnumerable{T}"/> that yields ints without a wait.</summary>
    private static async Task OfDotNet(BenchRun run, int count)
    {
        const int Awaits = 2_000;
        PyObject generate = run.Python["generate"];
        PyObject readAll = run.Python["read_all"];
        Contest contest = run.Contest($"{count:N0} ints from an IAsyncEnumerable, read by Python", hops: true, rounds: 9);
        foreach (Subject subject in run.Subjects)
        {
            PyObject items = PyFunction.Create("items", arguments => subject.Runtime.AsyncEnumerableIntoPy(Generate(arguments.Get(0, PyConvert.Int32)), PyConvert.Int32));
            contest
                .Add(subject.Name, () => subject.OnLoop(readAll, [items, count], count))
                .Add(Awaiting(subject), () => AwaitEach(subject, generate, Awaits));
        }

        await contest.SubjectsHold(Bounds.StreamOfDotNetOverAwaits, static (c, s) => c.Ratio(s.Name, Awaiting(s))).Run();
    }

    /// <summary>Measures the time from the production of an item to its arrival, of items at intervals: as a language model emits tokens.</summary>
    private static async Task FirstItem(BenchRun run)
    {
        const int Items = 50;
        PyObject emit = run.Python["emit"];
        PyObject delays = run.Python["delays"];
        foreach (Subject subject in run.Subjects)
        {
            PyObject tokens = PyFunction.Create("tokens", _ => subject.Runtime.AsyncEnumerableIntoPy(Emit(Items), PyConvert.Int64));
            await run.Contest($"Items at intervals of 2 ms, from their production to their reader, {subject.Name}", hops: true, rounds: 5)
                .Add(First(".NET reads"), async () => (await Delays(subject, emit, Items, StreamChunks.MaxSize)).First)
                .Add(First(".NET reads, buffer 1"), async () => (await Delays(subject, emit, Items, buffer: 1)).First)
                .Add(Others(".NET reads"), async () => (await Delays(subject, emit, Items, StreamChunks.MaxSize)).Others)
                .Add(Others(".NET reads, buffer 1"), async () => (await Delays(subject, emit, Items, buffer: 1)).Others)
                .Add(Others("Python reads"), () => subject.OnLoop(delays, [tokens], 1))
                .Holds(Bounds.DelayOfItems, subject.Backend, static c => c.Ratio(Others(".NET reads"), Others(".NET reads, buffer 1")))
                .Run();
        }

        static string First(string what) => what + ": the first item";
        static string Others(string what) => what + ": median of the others";
    }

    private static string Awaiting(Subject subject) => $"{subject.Name}, {OneAwait}";

    private static Task<double> Read(Subject subject, PyObject generate, int count) =>
        subject.Runtime.Spawn(async cancellationToken =>
        {
            long sum = 0;
            long start = Stopwatch.GetTimestamp();
            await foreach (int item in subject.Runtime.IntoAsyncEnumerable(() => generate.Call([count]), PyConvert.Int32).WithCancellation(cancellationToken))
            {
                sum += item;
            }

            double microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
            return sum == (long)count * (count - 1) / 2 ? microseconds : throw new InvalidOperationException("Items are missing.");
        });

    private static Task<double> AwaitEach(Subject subject, PyObject generate, int count) =>
        subject.Runtime.Spawn(async cancellationToken =>
        {
            using PyObject generator = await subject.Runtime.InvokeAsync(() => generate.Call([count]), cancellationToken);
            using PyObject next = await subject.Runtime.InvokeAsync(() => generator.GetAttr("__anext__"), cancellationToken);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                await subject.Runtime.IntoFuture(() => next.Call(), PyConvert.Int32, cancellationToken);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>Reads the times at which items were produced, and returns the delays in microseconds.</summary>
    private static Task<(double First, double Others)> Delays(Subject subject, PyObject emit, int count, int buffer) =>
        subject.Runtime.Spawn(async cancellationToken =>
        {
            List<double> delays = [];
            await foreach (long produced in subject.Runtime.IntoAsyncEnumerable(() => emit.Call([count]), PyConvert.Int64, buffer).WithCancellation(cancellationToken))
            {
                delays.Add((Nanoseconds() - produced) / 1_000.0);
            }

            double first = delays[0];
            delays.RemoveAt(0);
            delays.Sort();
            return (first, delays[delays.Count / 2]);
        });

    private static async IAsyncEnumerable<int> Generate(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<long> Emit(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Delay(2);
            yield return Nanoseconds();
        }
    }

    /// <summary>Gets the time of Python's <c>perf_counter_ns()</c>: both read CLOCK_MONOTONIC.</summary>
    private static long Nanoseconds() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
}
