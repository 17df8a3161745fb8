using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Python awaits .NET.</summary>
internal static class IntoPythonSuite
{
    private const string Executor = Charts.Executor;
    private const string DoneFuture = "asyncio.Future, done";

    public static async Task Run(BenchRun run)
    {
        await Completed(run);
        await Pool(run);
    }

    /// <summary>Measures Tasks that are completed when Python gets them.</summary>
    private static async Task Completed(BenchRun run)
    {
        const int Count = 50_000;
        Dictionary<Subject, PyObject> functions = run.Subjects.ToDictionary(static s => s, static s => s.Completed());
        await run.Contest("A call that gives a completed C# Task, awaited one after another")
            .AddSubjects(s => s.OnLoop(run.Python["await_one_by_one"], [functions[s], Count], Count))
            .Add(DoneFuture, () => run.Reference.OnLoop(run.Python["done_futures"], [Count], Count))
            .SubjectsHold(Bounds.CompletedOverDone, static (c, s) => c[s.Name] / c[DoneFuture])
            .Run();
        await run.Contest("One awaitable that is done, awaited again and again")
            .AddSubjects(s => s.OnLoop(run.Python["await_again"], [functions[s], Count], Count))
            .Add(DoneFuture, () => run.Reference.OnLoop(run.Python["await_again"], [run.Python["done_future"], Count], Count))
            .SubjectsHold(Bounds.AwaitCompletedOverDone, static (c, s) => c[s.Name] / c[DoneFuture])
            .Run();
        if (run.Quick)
        {
            return;
        }

        foreach (int batch in (int[])[100, 1_000])
        {
            await run.Contest($"gather of {batch:N0} calls that give a completed C# Task")
                .AddSubjects(s => s.OnLoop(run.Python["gather_in_batches"], [functions[s], 10_000, batch], 10_000))
                .Add(DoneFuture, () => run.Reference.OnLoop(run.Python["gather_in_batches"], [run.Python["done_future"], 10_000, batch], 10_000))
                .Run();
        }
    }

    /// <summary>Measures functions whose work goes to the backend.</summary>
    private static async Task Pool(BenchRun run)
    {
        Dictionary<Subject, PyObject> functions = run.Subjects.ToDictionary(static s => s, static s => s.OnBackend());
        foreach (int batch in run.Quick ? (int[])[1_000] : [1, 10, 100, 1_000, 10_000])
        {
            int count = batch == 1 ? 400 : 10_000;
            string title = batch == 1 ? "C# calls that go to the backend, awaited one after another" : $"gather of {batch:N0} C# calls that go to the backend";
            Contest contest = run.Contest(title, rounds: batch == 1 ? 61 : 9, hops: batch == 1)
                .AddSubjects(s => Measure(s, functions[s], count))
                .Add(Executor, () => Measure(run.Reference, run.Python["in_executor"], count / 3));
            if (batch == 1_000)
            {
                contest.SubjectsHold(Bounds.PoolOverExecutor, static (c, s) => c[s.Name] / c[Executor]);
            }

            await contest.Run();
            foreach (string name in run.Subjects.Select(static subject => subject.Name).Append(Executor))
            {
                run.Point(Charts.IntoPython, name, batch, contest[name]);
            }

            Task<double> Measure(Subject subject, PyObject function, int items)
            {
                items = Math.Max(items, batch);
                return batch == 1
                    ? subject.OnLoop(run.Python["await_one_by_one"], [function, items], items)
                    : subject.OnLoop(run.Python["gather_in_batches"], [function, items, batch], items / batch * batch);
            }
        }
    }
}
