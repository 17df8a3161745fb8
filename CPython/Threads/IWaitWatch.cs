namespace PyAsync.Threads;

/// <summary>Refuses waits that may never end because only the waiting thread could end them.</summary>
internal interface IWaitWatch
{
    /// <summary>Gets the time after which a wait is checked.</summary>
    TimeSpan Limit { get; }

    /// <summary>Throws if other work waits for this thread while it waits.</summary>
    void ThrowIfBlocked();

    /// <summary>Called when the wait is that of <c>Environment.Exit</c>: the thread never returns from it.</summary>
    void LeaveForGood();
}
