namespace PyAsync.Benchmarks;

/// <summary>A figure: the median and the range of several rounds; for a single count, the same number three times.</summary>
internal sealed record Figure(double Median, double Min, double Max)
{
    public static Figure Of(double value) => new(value, value, value);
}

/// <summary>The results of one process: one loop, pinned to one core or not.</summary>
internal sealed record ProcessResults(string Loop, bool Pinned, string Python, string LoopVersion)
{
    /// <summary>The name of the part that measures Python modules written in C#, in a process and on a loop of Python.</summary>
    public const string Modules = "modules";

    /// <summary>The name of the part that measures ASGI applications under Kestrel and under uvicorn.</summary>
    public const string Web = "web";

    /// <summary>Gets the tables, in the order of measuring.</summary>
    public List<ResultTable> Tables { get; init; } = [];

    public List<BoundResult> Bounds { get; init; } = [];

    public List<ChartPoint> Points { get; init; } = [];

    public bool IsOfModules => Loop == Modules;

    public bool IsOfWeb => Loop == Web;

    /// <summary>Gets the parts with a missed bound, as <c>--only</c> takes them; null if a bound's part is not known.</summary>
    public string? MissedParts => Bounds.Exists(static bound => !bound.Holds && bound.Part is null)
        ? null
        : string.Join(',', Bounds.Where(static bound => !bound.Holds).Select(static bound => bound.Part).Distinct());

    /// <summary>Gets these results, with the better value of each bound, from this or another run of the same process.</summary>
    public ProcessResults WithBetterOf(ProcessResults other) =>
        this with
        {
            Bounds = [.. Bounds.Select(mine => other.Bounds.FirstOrDefault(theirs => theirs.Bound == mine.Bound && theirs.Subject == mine.Subject && theirs.Value < mine.Value) ?? mine)],
        };

    /// <summary>Gets Python's version without its last part, such as 3.14.</summary>
    public string PythonMinor => string.Join('.', Python.Split('.').Take(2));

    public string Title => Pinned ? $"{Loop}, one core" : Loop;
}

/// <summary>A table of figures, by the name of the measured operation.</summary>
/// <param name="Title">The title.</param>
/// <param name="Unit">The unit of all rows.</param>
internal sealed record ResultTable(string Title, string Unit)
{
    public List<ResultRow> Rows { get; init; } = [];

    public void Add(Samples samples) => Rows.Add(new ResultRow(samples.Name, samples.ToFigure()));
}

internal sealed record ResultRow(string Name, Figure Figure);

/// <summary>One bound, compared with one measurement.</summary>
/// <param name="Bound">The bound's <see cref="PyAsync.Benchmarks.Bound.Text"/>.</param>
/// <param name="Subject">The measured subject, usually a backend.</param>
/// <param name="Value">The ratio or the count.</param>
/// <param name="Limit">The maximum.</param>
internal sealed record BoundResult(string Bound, string Subject, double Value, double Limit)
{
    /// <summary>Gets the part that has measured it, as <c>--only</c> names it; null if its process measures one part only.</summary>
    public string? Part { get; init; }

    public bool Holds => Value <= Limit;
}

/// <summary>A point of a chart.</summary>
internal sealed record ChartPoint(string Chart, string Series, int AtOnce, double Microseconds);
