namespace PyAsync.Testing.Host;

/// <summary>The time between two polls of a condition that no event reports: 1 ms at first, then twice as long each time, up to 64 ms.</summary>
internal struct PollInterval()
{
    private const int LongestMilliseconds = 64;

    private int _milliseconds = 1;

    /// <summary>Waits, without blocking a thread.</summary>
    public Task Wait()
    {
        int milliseconds = _milliseconds;
        _milliseconds = Math.Min(2 * milliseconds, LongestMilliseconds);
        return Task.Delay(milliseconds);
    }
}
