namespace PyAsync.Http;

/// <summary>The signals of a web server's thread to the loop's thread. Flags that are set while an earlier signal is under way are handled together with it.</summary>
internal sealed class LoopSignals(PythonEventLoop loop, ApplicationCall receiver) : IInboxItem
{
    private int _flags;

    public IInboxItem? Next { get; set; }

    bool IInboxItem.WaitsItsTurn => false;

    /// <summary>True if a signal is under way. From any thread.</summary>
    public bool IsUnderWay => Volatile.Read(ref _flags) != 0;

    /// <summary>Sets flags, and notifies the loop's thread unless it was notified before. From any thread.</summary>
    public void Set(int flags)
    {
        if (Interlocked.Or(ref _flags, flags) == 0)
        {
            loop.TryPost(this);
        }
    }

    bool IInboxItem.Run(PythonEventLoop loop)
    {
        receiver.OnSignals(Interlocked.Exchange(ref _flags, 0));
        return true;
    }

    void IInboxItem.Abandon(Exception reason) => Interlocked.Exchange(ref _flags, 0);
}
