using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Compares calls through an interface of a module with the same calls written by hand, in time and in the bytes that .NET allocates.</summary>
internal static class TypedSuite
{
    private const int Count = 10_000;
    private const string Typed = "typed", ByHand = "by hand";

    public static async Task Run(BenchRun run)
    {
        Subject onLoop = run.Subjects.Single(static subject => subject.IsOnLoop);
        await Compare(run, "without arguments, one after another on the loop's thread", onLoop, atOnce: false, Calls.WithoutArguments(run, onLoop));
        await Compare(run, "with a text and a number, one after another on the loop's thread", onLoop, atOnce: false, Calls.WithTwo(run, onLoop));
        await Compare(run, "with a text and a number, 10,000 at once", run.Reference, atOnce: true, Calls.WithTwo(run, run.Reference));
    }

    private static async Task Compare(BenchRun run, string what, Subject subject, bool atOnce, Calls calls)
    {
        Func<Task<double>> timeTyped = () => Time(subject, calls.Typed, atOnce), timeByHand = () => Time(subject, calls.ByHand, atOnce);
        await RepeatSuite.WarmUp([timeTyped, timeByHand]);
        await run.Contest($"A call of a module's function {what}", rounds: 21)
            .Add(Typed, timeTyped)
            .Add(ByHand, timeByHand)
            .Holds(Bounds.TypedOverHandWritten, what, static c => c[Typed] / c[ByHand])
            .Run();
        if (!run.Results.Pinned)
        {
            double typed = await Bytes(run, subject, calls.Typed), byHand = await Bytes(run, subject, calls.ByHand);
            ResultTable table = run.Table($"What .NET allocates for it, {what}", "bytes per call");
            table.Rows.Add(new ResultRow(Typed, Figure.Of(typed)));
            table.Rows.Add(new ResultRow(ByHand, Figure.Of(byHand)));
            run.Check(Bounds.TypedAllocation, what, AllocationSuite.Rounded(typed) - AllocationSuite.Rounded(byHand));
        }
    }

    private static Task<double> Time(Subject subject, Func<Task<int>> call, bool atOnce) =>
        subject.Runtime.Spawn(async _ =>
        {
            long start = Stopwatch.GetTimestamp();
            if (atOnce)
            {
                var all = new Task<int>[Count];
                for (int i = 0; i < Count; i++)
                {
                    all[i] = call();
                }

                await Task.WhenAll(all);
            }
            else
            {
                for (int i = 0; i < Count; i++)
                {
                    await call();
                }
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        });

    /// <summary>Gets the bytes that a call allocates, without those of the frame that awaits it: the least of several measurements.</summary>
    private static async Task<double> Bytes(BenchRun run, Subject subject, Func<Task<int>> call)
    {
        double least = double.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await run.Collect();
            double bytes = await subject.Runtime.Spawn(async _ =>
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                for (int i = 0; i < Count; i++)
                {
                    await call().ConfigureAwait(false);
                }

                return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;
            });
            least = Math.Min(least, bytes);
        }

        return least;
    }

    /// <summary>The same call in both forms.</summary>
    private sealed record Calls(Func<Task<int>> Typed, Func<Task<int>> ByHand)
    {
        public static Calls WithoutArguments(BenchRun run, Subject subject)
        {
            IBench typed = subject.Runtime.Import<IBench>();
            PyObject one = run.Python["one"];
            return new Calls(() => typed.OneAsync(), () => subject.Runtime.CallAsync(one, default, PyConvert.Int32));
        }

        public static Calls WithTwo(BenchRun run, Subject subject)
        {
            IBench typed = subject.Runtime.Import<IBench>();
            PyObject describe = run.Python["describe"];
            return new Calls(() => typed.DescribeAsync("text", 42), () => subject.Runtime.CallAsync(describe, ["text", 42], PyConvert.Int32));
        }
    }
}

/// <summary>Functions of bench.py.</summary>
[PyImport("bench")]
internal interface IBench
{
    Task<int> OneAsync(CancellationToken cancellationToken = default);

    Task<int> DescribeAsync(string text, int number, CancellationToken cancellationToken = default);
}
