using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>.NET awaits one coroutine after another.</summary>
internal static class OneByOneSuite
{
    private const string Threadsafe = Charts.Threadsafe;
    private const string PlainAwait = "await, within Python";
    private const string Tasks = "a task for each, within Python";

    public static async Task Run(BenchRun run)
    {
        await Hop(run, "one", "return 1", Charts.Returning);
        if (!run.Quick)
        {
            await Hop(run, "turn", "sleep(0)", Charts.Turning);
            await Naps(run);
        }
    }

    private static async Task Hop(BenchRun run, string function, string body, string chart)
    {
        const int Count = 400;
        const int OnOneThread = Count * 10; // The same number for all contenders without thread switches: they find the same warm caches.
        PyObject awaited = run.Python[function];
        Dictionary<Subject, PingPong> floors = [];
        Contest contest = run.Contest($"`{body}`, one after another", rounds: 61, hops: true).AddSubjects(subject => subject.OneByOne(awaited, subject.IsOnLoop ? OnOneThread : Count));
        foreach (Subject subject in run.Subjects.Where(static subject => !subject.IsOnLoop))
        {
            PingPong floor = floors[subject] = await PingPong.Create(subject);
            contest.Add(Floor(subject), () => floor.OneByOne(Count));
        }

        contest
            .Add(Threadsafe, () => run.Reference.OffLoop(run.Python["threadsafe_one_by_one"], awaited, Count / 2))
            .Add(PlainAwait, () => run.Reference.OnLoop(run.Python["await_one_by_one"], [awaited, OnOneThread], OnOneThread))
            .Add(Tasks, () => run.Reference.OnLoop(run.Python["tasks_one_by_one"], [awaited, OnOneThread], OnOneThread));
        if (function == "one")
        {
            foreach (Subject subject in run.Subjects)
            {
                if (subject.IsOnLoop)
                {
                    contest.Holds(Bounds.OnLoopOverTask, subject.Backend, c => c.OnOneThread(subject.Name) / c.OnOneThread(Tasks));
                }
                else
                {
                    contest
                        .Holds(Bounds.OneByOneOverThreadsafe, subject.Backend, c => c.Ratio(subject.Name, Threadsafe))
                        .Holds(Bounds.OneByOneOverFloor, subject.Backend, c => c.Ratio(subject.Name, Floor(subject)));
                }
            }
        }

        await contest.Run();
        foreach (Subject subject in run.Subjects)
        {
            run.Point(chart, subject.Name, 1, contest[subject.Name]);
        }

        run.Point(chart, Charts.PythonAlone, 1, contest[PlainAwait]);
        run.Point(chart, Charts.Threadsafe, 1, contest[Threadsafe]);

        foreach (PingPong floor in floors.Values)
        {
            await floor.DisposeAsync();
        }
    }

    private static string Floor(Subject subject) => $"ping-pong of two threads, {subject.Backend}";

    /// <summary>Measures ten thousand coroutines that sleep for 0.1 s: all together should take little more.</summary>
    private static async Task Naps(BenchRun run)
    {
        const int Count = 10_000;
        const double ToMilliseconds = Count / 1_000.0;
        PyObject nap = run.Python["nap"];
        await run.Contest("10,000 × `sleep(0.1)` at once (100 ms would be ideal)", rounds: 5, unit: "ms for all")
            .AddSubjects(async subject => await subject.AtOnce(nap, Count) * ToMilliseconds)
            .Add("gather, within Python", async () => await run.Reference.OnLoop(run.Python["gather"], [nap, Count], Count) * ToMilliseconds)
            .Add(Threadsafe, async () => await run.Reference.OffLoop(run.Python["threadsafe"], nap, Count) * ToMilliseconds)
            .Run();
    }
}
