using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Repeats one path: for a profiler, and to warm up the JIT compiler.</summary>
internal static class RepeatSuite
{
    public const string Argument = "--repeat";

    private static readonly string[] s_all = ["burst", "turn", "hop", "completed", "backend"];

    /// <summary>Runs every path of every backend until its code is fully optimised.</summary>
    public static async Task WarmUp(BenchRun run)
    {
        List<Func<Task<double>>> rounds = [];
        foreach (Subject subject in run.Subjects)
        {
            foreach (string what in s_all)
            {
                rounds.Add(await Round(run, subject, what));
            }
        }

        await WarmUp(rounds);
    }

    /// <summary>
    /// Runs code until it is fully optimised: calls it often, then pauses for the time after which the JIT compiler recompiles hot methods, for each of its tiers.
    /// </summary>
    public static async Task WarmUp(IReadOnlyCollection<Func<Task<double>>> rounds)
    {
        for (int tier = 0; tier < 3; tier++)
        {
            foreach (Func<Task<double>> round in rounds)
            {
                for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(80);)
                {
                    await round();
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    public static async Task Run(BenchRun run, Subject subject, string[] all, TimeSpan length)
    {
        List<(Samples Samples, Samples Bytes, Func<Task<double>> Round)> rounds = [];
        foreach (string what in all)
        {
            rounds.Add((new Samples(what), new Samples("bytes"), await Round(run, subject, what)));
        }

        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < length;)
        {
            foreach ((Samples samples, Samples bytes, Func<Task<double>> round) in rounds)
            {
                long before = GC.GetTotalAllocatedBytes();
                samples.Add(await round());
                bytes.Add(GC.GetTotalAllocatedBytes() - before);
            }
        }

        foreach ((Samples samples, Samples bytes, _) in rounds)
        {
            Console.WriteLine($"{samples.Name}: {samples.Median:0.000} µs per item [{samples.Min:0.000}–{samples.Max:0.000}], {samples.Count} rounds, {bytes.Median:0} bytes of .NET a round");
        }
    }

    private static async Task<Func<Task<double>>> Round(BenchRun run, Subject subject, string what)
    {
        PyObject one = run.Python["one"];
        switch (what)
        {
            case "burst":
                return () => subject.AtOnce(one, 10_000);
            case "turn":
                return () => subject.AtOnce(run.Python["turn"], 10_000);
            case "hop":
                return () => subject.OneByOne(one, 3_000);
            case "floor":
                PingPong floor = await PingPong.Create(subject);
                return () => floor.OneByOne(3_000);
            case "completed":
                PyObject completed = subject.Completed();
                return () => subject.OnLoop(run.Python["await_one_by_one"], [completed, 3_000], 3_000);
            case "again":
                PyObject ready = subject.Completed();
                return () => subject.OnLoop(run.Python["await_again"], [ready, 30_000], 30_000);
            case "done":
                return () => subject.OnLoop(run.Python["done_futures"], [3_000], 3_000);
            case "task":
                return () => subject.OnLoop(run.Python["tasks_one_by_one"], [one, 3_000], 3_000);
            case "plain":
                return () => subject.OnLoop(run.Python["await_one_by_one"], [one, 3_000], 3_000);
            case "backend":
                PyObject work = subject.OnBackend();
                return () => subject.OnLoop(run.Python["gather_in_batches"], [work, 10_000, 1_000], 10_000);
            case "gather":
                return () => subject.OnLoop(run.Python["gather"], [one, 10_000], 10_000);
            default:
                throw new ArgumentException($"\"{what}\" is not known: {string.Join(", ", s_all)}, floor, gather, again, done, task, plain are.");
        }
    }
}
