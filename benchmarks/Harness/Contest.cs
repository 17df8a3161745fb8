namespace PyAsync.Benchmarks;

/// <summary>
/// Measures contenders side by side: a round of each in turn, many times, so that changes of the machine's speed affect all of them. Only ratios within
/// one contest are meaningful.
/// </summary>
/// <remarks>
/// A bound that is missed is measured again with as many rounds, at most twice, and all rounds count: that distinguishes a slow path from a noisy
/// period, and never makes a bound looser.
/// </remarks>
internal sealed class Contest(BenchRun run, string title, string unit, int rounds, bool hops)
{
    private const int Repetitions = 2;

    private readonly List<(Samples Samples, Func<Task<double>> Round, int Every)> _contenders = [];
    private readonly int _rounds = run.Quick && !hops ? Math.Max(3, rounds / 3) : rounds;
    private readonly List<(Bound Bound, string Subject, Func<Contest, double> Value)> _bounds = [];

    /// <summary>A contender's figure: the median; in a quick run, which has few rounds unless threads wake each other, the minimum.</summary>
    public double this[string name] => hops ? Of(name).Median : OnOneThread(name);

    public double Min(string name) => Of(name).Min;

    /// <summary>Gets the figure of a contender that switches no threads, even if others do.</summary>
    public double OnOneThread(string name) => run.Quick ? Of(name).Min : Of(name).Median;

    /// <summary>
    /// Gets the ratio of a contender's time to that of another one of the same rounds, where threads wake each other: the median of the rounds' ratios. The
    /// cost of such a wake-up may change from one second to the next; the two contenders of one round find the machine in the same state.
    /// </summary>
    public double Ratio(string name, string other) => Of(name).MedianRatio(Of(other));

    /// <param name="name">The name in the report.</param>
    /// <param name="round">Runs once and gives the figure.</param>
    /// <param name="every">Takes part only in every n-th round: for slow contenders.</param>
    public Contest Add(string name, Func<Task<double>> round, int every = 1)
    {
        _contenders.Add((new Samples(name), round, every));
        return this;
    }

    /// <summary>Adds one contender for each backend.</summary>
    public Contest AddSubjects(Func<Subject, Task<double>> round)
    {
        foreach (Subject subject in run.Subjects)
        {
            Add(subject.Name, () => round(subject));
        }

        return this;
    }

    public Contest Holds(Bound bound, string subject, Func<Contest, double> value)
    {
        _bounds.Add((bound, subject, value));
        return this;
    }

    /// <summary>Checks each backend against a bound.</summary>
    public Contest SubjectsHold(Bound bound, Func<Contest, Subject, double> value)
    {
        foreach (Subject subject in run.Subjects)
        {
            Holds(bound, subject.Backend, contest => value(contest, subject));
        }

        return this;
    }

    public async Task<Contest> Run()
    {
        ResultTable table = run.Table(title, unit);
        await Rounds(1, warmUp: true);
        await Rounds(_rounds, warmUp: false);
        for (int repetition = 0; repetition < Repetitions && _bounds.Any(bound => bound.Value(this) > bound.Bound.LimitHere); repetition++)
        {
            await Rounds(_rounds, warmUp: false);
        }

        foreach ((Samples samples, _, _) in _contenders)
        {
            table.Add(samples);
            Console.WriteLine($"  {samples.Name,-40} {samples.Median,10:0.000} [{samples.Min:0.000}–{samples.Max:0.000}]");
        }

        foreach ((Bound bound, string subject, Func<Contest, double> value) in _bounds)
        {
            run.Check(bound, subject, value(this));
        }

        return this;
    }

    private Samples Of(string name) => _contenders.Single(contender => contender.Samples.Name == name).Samples;

    private async Task Rounds(int count, bool warmUp)
    {
        for (int i = 0; i < count; i++)
        {
            foreach ((Samples samples, Func<Task<double>> round, int every) in _contenders)
            {
                if (i % every != 0 || (warmUp && every > 1))
                {
                    continue;
                }

                if (!hops)
                {
                    await run.Collect();
                }

                double value = await round();
                if (!warmUp)
                {
                    samples.Add(value);
                }
            }
        }
    }
}
