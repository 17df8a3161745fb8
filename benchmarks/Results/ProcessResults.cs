namespace PyAsync.Benchmarks;

/// <summary>A figure: of several rounds the median and the range, of a single count three times the same.</summary>
internal sealed record Figure(double Median, double Min, double Max)
{
    public static Figure Of(double value) => new(value, value, value);
}

/// <summary>What one process measured: one loop, pinned to one core or not.</summary>
internal sealed record ProcessResults(string Loop, bool Pinned, string Python, string LoopVersion)
{
    /// <summary>The name of the part that measures Python modules written in C#, on a loop and in a process that Python owns.</summary>
    public const string Modules = "modules";

    /// <summary>The tables, in the order of measuring.</summary>
    public List<ResultTable> Tables { get; init; } = [];

    public List<BoundResult> Bounds { get; init; } = [];

    public List<ChartPoint> Points { get; init; } = [];

    public bool IsOfModules => Loop == Modules;

    /// <summary>The same, with each bound as it was held best, in this or in another run of the same process.</summary>
    public ProcessResults WithBetterOf(ProcessResults other) =>
        this with
        {
            Bounds = [.. Bounds.Select(mine => other.Bounds.FirstOrDefault(theirs => theirs.Bound == mine.Bound && theirs.Subject == mine.Subject && theirs.Value < mine.Value) ?? mine)],
        };

    public string Title => Pinned ? $"{Loop}, one core" : Loop;
}

/// <summary>Figures that belong together, by the name of what was measured.</summary>
/// <param name="Title">What the rows have in common.</param>
/// <param name="Unit">Of all of them.</param>
internal sealed record ResultTable(string Title, string Unit)
{
    public List<ResultRow> Rows { get; init; } = [];

    public void Add(Samples samples) => Rows.Add(new ResultRow(samples.Name, samples.ToFigure()));
}

internal sealed record ResultRow(string Name, Figure Figure);

/// <summary>One bound, held against one measurement.</summary>
/// <param name="Bound">The bound's <see cref="PyAsync.Benchmarks.Bound.Text"/>.</param>
/// <param name="Subject">What was measured: a backend as a rule.</param>
/// <param name="Value">The ratio or the count.</param>
/// <param name="Limit">What it may be at most.</param>
internal sealed record BoundResult(string Bound, string Subject, double Value, double Limit)
{
    public bool Holds => Value <= Limit;
}

/// <summary>A point of a chart.</summary>
internal sealed record ChartPoint(string Chart, string Series, int AtOnce, double Microseconds);
