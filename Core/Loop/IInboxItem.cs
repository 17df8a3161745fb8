namespace PyAsync;

/// <summary>Something for an event loop to do. Items link themselves into the inbox, so that posting allocates nothing.</summary>
internal interface IInboxItem
{
    /// <summary>The inbox's own link; an item is in one inbox at most, and in it once.</summary>
    IInboxItem? Next { get; set; }

    /// <summary>Does it, on the loop's thread, with the GIL held. Does not throw.</summary>
    /// <returns>False if it leaves a SystemExit or KeyboardInterrupt as the current Python error, for the loop's run to end with.</returns>
    bool Run(PythonEventLoop loop);

    /// <summary>The loop closed before it could be done. On any thread that holds the GIL.</summary>
    void Abandon(Exception reason);
}
