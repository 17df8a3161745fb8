using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures the cost of one await while many others are pending.</summary>
internal static class PendingSuite
{
    // Short and many: the minimum then comes from a time in which no other program needs the processors.
    private const int Count = 100;
    private const int Chunks = 6;

    // With a pause before each: after a pause the kernel chooses again on which processors two threads run that wake each other.
    private const int Windows = 6;
    private const string Threadsafe = Charts.Threadsafe;

    public static async Task Run(BenchRun run)
    {
        int[] others = run.Quick ? [0, 10_000] : [0, 1_000, 10_000];
        PyObject one = run.Python["one"];
        Contest contest = run.Contest("`return 1`, one after another, with others pending", rounds: 12);
        foreach (int pending in others)
        {
            foreach (Subject subject in run.Subjects)
            {
                contest.Add(Row(subject.Name, pending), () => With(run, subject, pending, () => subject.OneByOne(one, Count)));
            }

            if (!run.Quick)
            {
                contest.Add(
                    Row(Threadsafe, pending),
                    () => With(run, run.Reference, pending, () => run.Reference.OffLoop(run.Python["threadsafe_one_by_one"], one, Count / 2)));
            }
        }

        await contest
            .SubjectsHold(Bounds.Pending, static (c, s) => c.Min(Row(s.Name, 10_000)) / c.Min(Row(s.Name, 0)))
            .Run();
    }

    private static string Row(string name, int pending) => pending == 0 ? $"{name}, none" : $"{name}, {pending:N0} others";

    private static async Task<double> With(BenchRun run, Subject subject, int pending, Func<Task<double>> round)
    {
        using PyObject gate = await subject.Runtime.CallAsync(run.Python["make_event"]);
        Task<object?>[] parked = [.. Enumerable.Range(0, pending).Select(_ => subject.Runtime.CallAsync(run.Python["park"], [gate], PyConvert.None))];
        await subject.Runtime.InvokeAsync(static () => true); // They have all started.
        await Task.Delay(50); // By then the threads that their start has woken, such as idle workers of the pool, are asleep.
        double value = double.MaxValue;
        for (int window = 0; window < Windows; window++)
        {
            await Task.Delay(5);
            for (int i = 0; i < Chunks; i++)
            {
                value = Math.Min(value, await round());
            }
        }

        await subject.Runtime.InvokeAsync(() => gate.CallMethod("set").Dispose());
        await Task.WhenAll(parked);
        return value;
    }
}
