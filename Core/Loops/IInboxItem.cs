namespace PyAsync.Loops;

/// <summary>A piece of work for an event loop. Items link themselves into the inbox, so that posting allocates nothing.</summary>
internal interface IInboxItem
{
    /// <summary>Gets or sets the inbox's link. An item is in at most one inbox, and at most once.</summary>
    IInboxItem? Next { get; set; }

    /// <summary>
    /// True if the item runs code on the loop, which must not overtake the loop's queue. False if the item only completes a future, whose callbacks
    /// wait for their turn.
    /// </summary>
    bool WaitsItsTurn => true;

    /// <summary>True if code may wait for the item. False for the bridge's own housekeeping.</summary>
    bool IsAwaited => true;

    /// <summary>Runs the item, on the loop's thread, with the GIL held. Does not throw.</summary>
    /// <returns>False if a SystemExit or KeyboardInterrupt is left as the current Python error, which ends the loop's run.</returns>
    bool Run(PythonEventLoop loop);

    /// <summary>Called when the loop closed before the item ran. On any thread that holds the GIL.</summary>
    void Abandon(Exception reason);

    /// <summary>Called while <see cref="Run"/> runs Python code that does not return. On another thread, which holds the GIL.</summary>
    void AbandonRunning(Exception reason)
    {
    }
}
