namespace PyAsync.Endurance;

/// <summary>Decides whether a quantity has grown: compares the median of the early rounds with the median of the late ones.</summary>
/// <remarks>
/// The first rounds do not count: compilers, caches and pools fill. A median, since a round may leave a thread or a buffer behind that the next one uses.
/// </remarks>
internal sealed class Trend
{
    /// <summary>The minimum number of rounds for a meaningful median.</summary>
    private const int FewestRounds = 9;

    private Trend(Measure measure, double early, double late)
    {
        Measure = measure;
        Early = early;
        Late = late;
    }

    public Measure Measure { get; }

    public double Early { get; }

    public double Late { get; }

    public double Allowed => Math.Max(Measure.Allowed, Measure.AllowedShare * Early);

    public bool Grows => Late - Early > Allowed;

    /// <summary>Null if the quantity cannot be read here, or the run had too few rounds.</summary>
    /// <param name="measure">The quantity.</param>
    /// <param name="column">Its place in each sample.</param>
    /// <param name="samples">One for each round.</param>
    /// <param name="first">The rounds that go through all combinations for the first time. A quarter of the rounds at least does not count.</param>
    public static Trend? Of(Measure measure, int column, IReadOnlyList<Sample> samples, int first)
    {
        long[] values = [.. samples.Select(sample => sample.Values[column]).OfType<long>()];
        int skipped = Math.Max(values.Length / 4, first);
        if (values.Length - skipped < FewestRounds)
        {
            return null;
        }

        long[] counted = values[skipped..];
        int third = Math.Max(1, counted.Length / 3);
        return new Trend(measure, Median(counted[..third]), Median(counted[^third..]));
    }

    private static double Median(long[] values)
    {
        Array.Sort(values);
        return (values[values.Length / 2] + values[(values.Length - 1) / 2]) / 2.0;
    }
}
