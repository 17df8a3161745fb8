namespace PyAsync.Lifetime;

/// <summary>The times that parts of an end get, whatever remains of <see cref="PyAsyncOptions.ShutdownTimeout"/>.</summary>
internal static class EndTimes
{
    /// <summary>The time of a runtime that ends with the process.</summary>
    public static readonly TimeSpan WithProcess = TimeSpan.FromSeconds(1);

    /// <summary>The time that cancelled work still gets when the host's time is up.</summary>
    public static readonly TimeSpan WithHost = TimeSpan.FromMilliseconds(500);

    /// <summary>The time that code still gets which has blocked the loop until the host's time was up, and while the work in flight was described.</summary>
    public static readonly TimeSpan Blocked = TimeSpan.FromMilliseconds(250);
}
