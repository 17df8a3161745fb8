using System.Globalization;

namespace PyAsync.Testing;

/// <summary>Sets how often a test repeats code whose fault, a race or a leak, is rare.</summary>
/// <remarks>
/// A run on another Python, or on another loop, need not repeat all of it: the variable <c>PYASYNC_TEST_REPETITIONS</c> sets the share, <c>0.1</c> for
/// a tenth. Without it tests repeat in full.
/// </remarks>
public static class Repetitions
{
    private const string Variable = "PYASYNC_TEST_REPETITIONS";

    private static readonly double s_share = ReadShare();

    /// <summary>Gets the set share of a number of repetitions, at least one. From any thread, without the GIL.</summary>
    /// <param name="times">The number of repetitions in a full run; more than 0.</param>
    /// <exception cref="TypeInitializationException">The variable is not a number that is more than 0 and at most 1.</exception>
    public static int Of(int times) => Math.Max(1, (int)(times * s_share));

    private static double ReadShare()
    {
        string? said = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(said))
        {
            return 1;
        }

        return double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 1
            ? share
            : throw new ArgumentException($"{Variable} is \"{said}\": use a number that is more than 0 and at most 1.");
    }
}
