namespace PyAsync;

/// <summary>Makes one run of a loop return. One that comes too late for its run, because an exception ended that, does nothing to the next.</summary>
/// <param name="target">The loop.</param>
internal sealed class LoopStop(PythonEventLoop target) : IInboxItem
{
    private int _requested;
    private volatile bool _isOver;

    public IInboxItem? Next { get; set; }

    /// <summary>Whether the run is to return.</summary>
    public bool IsRequested => Volatile.Read(ref _requested) != 0;

    /// <summary>Asks for it. From any thread, without the GIL.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
        {
            target.TryPost(this);
        }
    }

    /// <summary>The run has ended.</summary>
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
