using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>The measurements in one process: the subjects, the number of rounds, and the results.</summary>
internal sealed class BenchRun(IReadOnlyList<Subject> subjects, BenchPython python, ProcessResults results, bool quick)
{
    public IReadOnlyList<Subject> Subjects { get; } = subjects;

    /// <summary>Gets the subject on whose loop the Python-only references run.</summary>
    public Subject Reference => Subjects[0];

    public BenchPython Python { get; } = python;

    public ProcessResults Results { get; } = results;

    /// <summary>Gets or sets the part that is being measured, as <c>--only</c> names it.</summary>
    public string? Part { get; set; }

    /// <summary>True if only the bounds count: fewer rounds, minimum instead of median.</summary>
    public bool Quick { get; } = quick;

    /// <param name="title">The table's title in the report.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="unit">The unit of the rounds' results.</param>
    /// <param name="hops">
    /// True if threads wake each other for every item. That takes one of several courses (both on one core, the other one asleep), each with a
    /// different cost, and the minimum would compare one contender's luck with another's: then there are many short rounds, and the median counts in a
    /// quick run too.
    /// </param>
    public Contest Contest(string title, int rounds = 9, string unit = "µs per item", bool hops = false) =>
        new(this, title, unit, rounds, hops);

    public void Check(Bound bound, string subject, double value)
    {
        Results.Bounds.RemoveAll(earlier => earlier.Bound == bound.Text && earlier.Subject == subject);
        var result = new BoundResult(bound.Text, subject, value, bound.LimitHere) { Part = Part };
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

    /// <summary>Runs both garbage collectors, so that no contender pays for the previous one.</summary>
    public Task Collect() =>
        Reference.Runtime.InvokeAsync(() =>
        {
            GC.Collect();
            Python["collect"].Call().Dispose();
            return true;
        });
}
