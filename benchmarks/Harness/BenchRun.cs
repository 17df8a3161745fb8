using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>The measuring in one process: what is measured, how thoroughly, and what has come of it.</summary>
internal sealed class BenchRun(IReadOnlyList<Subject> subjects, BenchPython python, ProcessResults results, bool quick)
{
    public IReadOnlyList<Subject> Subjects { get; } = subjects;

    /// <summary>Whose loop runs what Python measures alone.</summary>
    public Subject Reference => Subjects[0];

    public BenchPython Python { get; } = python;

    public ProcessResults Results { get; } = results;

    /// <summary>Whether only bounds count: fewer rounds, minimum instead of median.</summary>
    public bool Quick { get; } = quick;

    /// <param name="title">The table's title in the report.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="unit">Of what the rounds give.</param>
    /// <param name="hops">
    /// Whether threads wake each other for every item. That takes one of several courses (are both on one core, has the other gone to
    /// sleep), each with a cost of its own, and the minimum would compare one contender's luck with another's: many short rounds, and
    /// the median in a quick run too.
    /// </param>
    public Contest Contest(string title, int rounds = 9, string unit = "µs per item", bool hops = false) =>
        new(this, title, unit, rounds, hops);

    public void Check(Bound bound, string subject, double value)
    {
        Results.Bounds.RemoveAll(earlier => earlier.Bound == bound.Text && earlier.Subject == subject);
        var result = new BoundResult(bound.Text, subject, value, bound.LimitOn(Results.Loop));
        Results.Bounds.Add(result);
        Console.WriteLine($"  {(result.Holds ? "met   " : "MISSED")} {bound.Text} [{subject}]: {value:0.###} (at most {result.Limit:0.###})");
    }

    public ResultTable Table(string title, string unit)
    {
        var table = new ResultTable(title, unit);
        Results.Tables.Add(table);
        Console.WriteLine(title);
        return table;
    }

    public void Point(string chart, string series, int atOnce, double microseconds) =>
        Results.Points.Add(new ChartPoint(chart, series, atOnce, microseconds));

    /// <summary>Both garbage collectors, so that no contender pays for the one before.</summary>
    public Task Collect() =>
        Reference.Runtime.InvokeAsync(() =>
        {
            GC.Collect();
            Python["collect"].Call().Dispose();
            return true;
        });
}
