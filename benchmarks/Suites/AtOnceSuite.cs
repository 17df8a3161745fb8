using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>.NET awaits many coroutines at once.</summary>
internal static class AtOnceSuite
{
    private const string Gather = "gather, within Python";
    private const string Tasks = "tasks, within Python";
    private const string GatheredTasks = "gather of tasks, within Python";
    private const string Threadsafe = Charts.Threadsafe;
    private const int Bounded = 10_000;

    public static async Task Run(BenchRun run)
    {
        await Race(
            run,
            Charts.Returning,
            "one",
            "return 1",
            static contest => contest
                .SubjectsHold(Bounds.BurstOverThreadsafe, static (c, s) => c[s.Name] / c[Threadsafe])
                .SubjectsHold(Bounds.BurstOverThreadsafeAtLeast, static (c, s) => c[s.Name] / c[Threadsafe])
                .SubjectsHold(Bounds.BurstOverGather, static (c, s) => c[s.Name] / c[Gather])
                .SubjectsHold(Bounds.BurstOverTasks, static (c, s) => c[s.Name] / c[GatheredTasks]));
        await Race(
            run,
            Charts.Turning,
            "turn",
            "sleep(0)",
            static contest => contest.SubjectsHold(Bounds.TurnOverGather, static (c, s) => c[s.Name] / c[Gather]));
        await Growth(run);
    }

    /// <summary>Measures each number at once in a separate contest; the bounds are those of ten thousand.</summary>
    private static async Task Race(BenchRun run, string chart, string function, string body, Action<Contest> bounds)
    {
        foreach (int count in run.Quick ? (int[])[Bounded] : [10, 100, 1_000, Bounded, 100_000])
        {
            PyObject awaited = run.Python[function];
            bool isSlow = count > Bounded;
            Contest contest = run.Contest($"{count:N0} × `{body}` at once", rounds: isSlow ? 3 : 9)
                .AddSubjects(subject => Averaged(count, () => subject.AtOnce(awaited, count)))
                .Add(Gather, () => Averaged(count, () => run.Reference.OnLoop(run.Python["gather"], [awaited, count], count)))
                .Add(Tasks, () => Averaged(count, () => run.Reference.OnLoop(run.Python["tasks"], [awaited, count], count)))
                .Add(GatheredTasks, () => Averaged(count, () => run.Reference.OnLoop(run.Python["gather_tasks"], [awaited, count], count)))
                .Add(Threadsafe, () => Averaged(count * 10, () => run.Reference.OffLoop(run.Python["threadsafe"], awaited, count)), every: isSlow ? 2 : 1);
            if (count == Bounded)
            {
                bounds(contest);
            }

            await contest.Run();
            foreach (Subject subject in run.Subjects)
            {
                run.Point(chart, subject.Name, count, contest[subject.Name]);
            }

            run.Point(chart, Charts.PythonAlone, count, contest[Gather]);
            run.Point(chart, Threadsafe, count, contest[Threadsafe]);
        }
    }

    private static async Task Growth(BenchRun run)
    {
        const int Few = 1_000;
        const int Many = 100_000;
        PyObject one = run.Python["one"];
        Contest contest = run.Contest("How the cost per item grows with the number at once (`return 1`)", rounds: 5);
        foreach (Subject subject in run.Subjects)
        {
            contest
                .Add(Row(subject.Name, Few), () => Averaged(Few, () => subject.AtOnce(one, Few)))
                .Add(Row(subject.Name, Many), () => subject.AtOnce(one, Many));
        }

        await contest
            .Add(Row(Gather, Few), () => Averaged(Few, () => run.Reference.OnLoop(run.Python["gather"], [one, Few], Few)))
            .Add(Row(Gather, Many), () => run.Reference.OnLoop(run.Python["gather"], [one, Many], Many))
            .SubjectsHold(
                Bounds.Growth,
                static (c, s) => c[Row(s.Name, Many)] / c[Row(s.Name, Few)] / (c[Row(Gather, Many)] / c[Row(Gather, Few)]))
            .Run();

        static string Row(string name, int count) => $"{name}, {count:N0}";
    }

    /// <summary>Averages a round: a small number is too short to be timed well, so as many as make ten thousand form one round.</summary>
    private static async Task<double> Averaged(int count, Func<Task<double>> round)
    {
        int repeats = Math.Max(1, 10_000 / count);
        double sum = 0;
        for (int i = 0; i < repeats; i++)
        {
            sum += await round();
        }

        return sum / repeats;
    }
}
