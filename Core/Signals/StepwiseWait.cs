namespace PyAsync.Signals;

/// <summary>
/// Waits for another thread in short steps. If the machine is busy or pauses, each step of this thread takes longer, as the other thread does: a loop that
/// only has no processor does not count as blocked.
/// </summary>
internal static class StepwiseWait
{
    private const int Steps = 20;

    /// <summary>Waits in twenty steps.</summary>
    /// <param name="wait">Waits for at most a time, and returns false if that was over.</param>
    /// <param name="timeout">The time of all steps.</param>
    /// <returns>False if the time was over.</returns>
    public static bool Until(Func<TimeSpan, bool> wait, TimeSpan timeout)
    {
        for (int i = 0; i < Steps; i++)
        {
            if (wait(timeout / Steps))
            {
                return true;
            }
        }

        return false;
    }
}
