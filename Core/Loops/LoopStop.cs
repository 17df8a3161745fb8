namespace PyAsync.Loops;

/// <summary>Makes one run of a loop return. If an exception has ended that run before, the request has no effect on the next run.</summary>
/// <param name="target">The loop.</param>
internal sealed class LoopStop(PythonEventLoop target) : IInboxItem
{
    private int _requested;
    private volatile bool _isOver;

    public IInboxItem? Next { get; set; }

    public bool IsAwaited => false;

    /// <summary>True if the run is requested to return.</summary>
    public bool IsRequested => Volatile.Read(ref _requested) != 0;

    /// <summary>Requests the return. From any thread, without the GIL.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
        {
            target.TryPost(this);
        }
    }

    /// <summary>Called when the run has ended.</summary>
    public void Leave() => _isOver = true;

    public bool Run(PythonEventLoop loop)
    {
        if (!_isOver)
        {
            loop.StopNow();
        }

        return true;
    }

    public void Abandon(Exception reason)
    {
    }
}
