namespace PyAsync.Benchmarks;

/// <summary>The figures of one contender in all rounds, in the unit of its contest.</summary>
internal sealed class Samples(string name)
{
    private readonly List<double> _values = [];

    public string Name { get; } = name;

    public int Count => _values.Count;

    public double Median => MedianOf(_values);

    public double Min => _values.Min();

    public double Max => _values.Max();

    /// <summary>Gets the figure of the last round.</summary>
    public double Last => _values[^1];

    public void Add(double value) => _values.Add(value);

    /// <summary>The median of the ratios of each round to the same round of another contender, which took part as often.</summary>
    public double MedianRatio(Samples other) => MedianOf(_values.Zip(other._values, static (own, others) => own / others));

    /// <summary>The median of these ratios, of some rounds only.</summary>
    /// <param name="other">The other contender.</param>
    /// <param name="counts">Selects the rounds by their numbers, from 0 on.</param>
    public double MedianRatio(Samples other, Func<int, bool> counts) => MedianOf(_values.Zip(other._values, static (own, others) => own / others).Where((_, round) => counts(round)));

    public Figure ToFigure() => new(Median, Min, Max);

    private static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
