using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures how many bytes .NET allocates for an await, and how often the loop is woken and the GIL taken.</summary>
internal static class AllocationSuite
{
    private const int Count = 20_000;
    private const int CountOneByOne = 4_000;

    /// <summary>
    /// Sizes of objects are multiples of it. An object more for each await is at least three of it; a fraction comes from what the process allocates
    /// besides: timers, segments of queues, the finaliser's work.
    /// </summary>
    private const double Granularity = 8;

    public static async Task Run(BenchRun run)
    {
        // Allocations do not depend on cores.
        if (!run.Results.Pinned)
        {
            await Bytes(run);
        }

        await WakeUps(run);
    }

    /// <summary>
    /// Checks the bounds for awaits one after another and, for those that suspend, also for many at once. The caller's frame is not counted, and nor is
    /// its way back to the backend: it continues where the await was completed, except in the last row, which shows both.
    /// </summary>
    private static async Task Bytes(BenchRun run)
    {
        ResultTable table = run.Table("What .NET allocates for an await of Python, the caller's own frame excluded", "bytes per await");
        PyObject one = run.Python["one"];
        PyObject turn = run.Python["turn"];
        foreach (Subject subject in run.Subjects)
        {
            await Row("suspends, one after another", Bounds.PendingAllocation, () => OneByOne(subject, turn, PyConvert.Int32));
            await Row("suspends, 20,000 at once", Bounds.PendingAllocationAtOnce, () => AtOnce(subject, turn, PyConvert.Int32));
            await Row("suspends, with a token, one after another", Bounds.PendingWithTokenAllocation, () => WithToken(cancellationToken => OneByOne(subject, turn, PyConvert.Int32, cancellationToken: cancellationToken)));
            await Row("suspends, with a token, 20,000 at once", Bounds.PendingWithTokenAllocationAtOnce, () => WithToken(cancellationToken => AtOnce(subject, turn, PyConvert.Int32, cancellationToken)));
            await Row("ends at once, one after another", Bounds.CompletedAllocation, () => OneByOne(subject, one, PyConvert.Int32));
            await Row("ends at once, 20,000 at once", null, () => AtOnce(subject, one, PyConvert.Int32));
            await Row("ends at once with a PyObject, one after another", Bounds.CompletedObjectAllocation, () => OneByOne(subject, one, PyConvert.PyObject));
            await Row("ends at once with a PyObject, 20,000 at once", null, () => AtOnce(subject, one, PyConvert.PyObject));
            await Row("suspends, one after another, back on the backend each time", null, () => OneByOne(subject, turn, PyConvert.Int32, backToBackend: true));

            async Task Row(string what, Bound? bound, Func<Task<double>> measure)
            {
                double least = double.MaxValue;
                for (int i = 0; i < 3 || (i < 9 && Rounded(least) > bound?.LimitHere); i++)
                {
                    await run.Collect();
                    least = Math.Min(least, await measure());
                }

                table.Rows.Add(new ResultRow($"{subject.Name}, {what}", Figure.Of(least)));
                if (bound is not null)
                {
                    run.Check(bound, subject.Backend, Rounded(least));
                }
            }
        }
    }

    internal static double Rounded(double bytes) => Math.Round(bytes / Granularity) * Granularity;

    private static async Task<double> WithToken(Func<CancellationToken, Task<double>> measure)
    {
        using var source = new CancellationTokenSource();
        return await measure(source.Token);
    }

    /// <summary>Gets all bytes that the process allocates while calls are awaited one after another. The one awaiting frame is created before.</summary>
    private static Task<double> OneByOne<T>(Subject subject, PyObject function, PyConverter<T> converter, bool backToBackend = false, CancellationToken cancellationToken = default) =>
        subject.Runtime.Spawn(async _ =>
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < CountOneByOne; i++)
            {
                T result = await subject.Runtime.CallAsync(function, default, converter, cancellationToken).ConfigureAwait(backToBackend);
                (result as PyObject)?.Dispose();
            }

            return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)CountOneByOne;
        });

    /// <summary>Gets all bytes that the process allocates while many calls are made at once and end: the caller creates one array beforehand.</summary>
    private static Task<double> AtOnce<T>(Subject subject, PyObject function, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        subject.Runtime.Spawn(async _ =>
        {
            var calls = new Task<T>[Count];
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Count; i++)
            {
                calls[i] = subject.Runtime.CallAsync(function, default, converter, cancellationToken);
            }

            // Not awaited: that would allocate for the caller's frame. Less and less often looked at: each time allocates more than an await, which shows
            // where a busy machine takes seconds for all of them.
            int delay = 50;
            foreach (Task<T> call in calls)
            {
                for (; !call.IsCompleted; delay *= 2)
                {
                    await Task.Delay(delay);
                }
            }

            double bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            foreach (Task<T> call in calls)
            {
                (call.Result as PyObject)?.Dispose();
            }

            return bytes / Count;
        });

    private static async Task WakeUps(BenchRun run)
    {
        ResultTable table = run.Table("How often the loop is woken", "wake-ups per item");
        PyObject turn = run.Python["turn"];
        foreach (Subject subject in run.Subjects)
        {
            using PyObject work = subject.OnBackend();
            await Row("100,000 × `sleep(0)` at once", 100_000, () => subject.AtOnce(turn, 100_000), isBurst: true);
            await Row("`return 1`, one after another", 3_000, () => subject.OneByOne(run.Python["one"], 3_000));
            await Row("gather of 1,000 C# calls that go to the backend", 10_000, () => subject.OnLoop(run.Python["gather_in_batches"], [work, 10_000, 1_000], 10_000));

            async Task Row(string what, int items, Func<Task<double>> measure, bool isBurst = false)
            {
                await measure();
                long attaches = AttachGate.OfProcess.Entries;
                long wakeUps = subject.Loop.Counters.WakeUps;
                await measure();
                attaches = AttachGate.OfProcess.Entries - attaches;
                double perItem = (subject.Loop.Counters.WakeUps - wakeUps) / (double)items;
                table.Rows.Add(new ResultRow($"{subject.Name}, {what}", Figure.Of(perItem)));
                if (isBurst)
                {
                    run.Check(Bounds.GilOnDotNetThreads, subject.Backend, attaches);
                    run.Check(Bounds.WakeUpsOfBurst, subject.Backend, perItem);
                }
            }
        }
    }
}
