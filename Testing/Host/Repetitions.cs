using System.Globalization;

namespace PyAsync.Testing;

/// <summary>How often a test repeats what shows only once in many times: a race, a leak.</summary>
/// <remarks>
/// A run on one more Python, or over one more loop, need not do all of it again: the variable <c>PYASYNC_TEST_REPETITIONS</c> says which
/// share of it, <c>0.1</c> for a tenth. Without it tests do all that their names say.
/// </remarks>
public static class Repetitions
{
    private const string Variable = "PYASYNC_TEST_REPETITIONS";

    private static readonly double s_share = ReadShare();

    /// <summary>The share that was asked for of so many times, at least one. From any thread, without the GIL.</summary>
    /// <param name="times">How often it is done in a whole run; more than 0.</param>
    /// <exception cref="TypeInitializationException">The variable is no number that is more than 0 and at most 1.</exception>
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
            : throw new ArgumentException($"{Variable} is \"{said}\": a number that is more than 0 and at most 1 is meant.");
    }
}
