namespace PyAsync.Benchmarks;

/// <summary>What one contender took in each round, in the unit of its contest.</summary>
internal sealed class Samples(string name)
{
    private readonly List<double> _values = [];

    public string Name { get; } = name;

    public int Count => _values.Count;

    public double Median => Sorted[_values.Count / 2];

    public double Min => _values.Min();

    public double Max => _values.Max();

    private double[] Sorted => [.. _values.Order()];

    public void Add(double value) => _values.Add(value);

    public Figure ToFigure() => new(Median, Min, Max);
}
