using PyAsync.Interop;

namespace PyAsync.Lanes;

/// <summary>Returns code that runs on a lane to that lane after each await.</summary>
internal sealed class LaneSynchronizationContext : SynchronizationContext, IWaitWatch
{
    private readonly LaneTaskScheduler _scheduler;
    private volatile RoutedContext? _routed;

    public LaneSynchronizationContext(LaneTaskScheduler scheduler, TimeSpan limit)
    {
        _scheduler = scheduler;
        Limit = limit;
        SetWaitNotificationRequired();
    }

    public TimeSpan Limit { get; }

    /// <summary>Gets the context for calls that code on the lane makes: their continuations return to the lane directly.</summary>
    public EventLoopContext Route(EventLoopContext context)
    {
        if (context.CompletionRoute is not null || _scheduler.Lane.Affinity == LaneAffinity.Loop)
        {
            return context;
        }

        // Usually the same context again. A race only makes one more.
        if (_routed is { } routed && routed.From == context)
        {
            return routed.To;
        }

        EventLoopContext to = context.WithRoute(_scheduler.Completions);
        _routed = new RoutedContext(context, to);
        return to;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        _scheduler.QueuePosted(d, state);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The calling thread is not the lane's: waiting for the lane would block.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (!_scheduler.Lane.IsCurrentThread)
        {
            throw new NotSupportedException("Send would block this thread until the lane is free; use Post, or await IRuntime.Spawn.");
        }

        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Watches waits on the thread of a loop or on the only thread of a lane, and refuses those that may never end.</summary>
    /// <inheritdoc/>
    /// <exception cref="LoopBlockedException">The wait took too long while the loop or the lane had requests in flight.</exception>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        EntryFromPython.LoopContext is { } loop
            ? loop.Wait(waitHandles, waitAll, millisecondsTimeout)
            : GilWait.Wait(waitHandles, waitAll, millisecondsTimeout, _scheduler.Lane.Affinity == LaneAffinity.Thread ? this : null);

    public void ThrowIfBlocked()
    {
        if (_scheduler.HasRequestsInFlight && _scheduler.Lane.IsCurrentThread)
        {
            _scheduler.LogBlocked(Limit);
            throw LoopBlockedException.OnLane(Limit);
        }
    }

    public void LeaveForGood()
    {
        // Nothing to do: the work on this lane counts as in flight, and gets the same time as all work.
    }

    private sealed record RoutedContext(EventLoopContext From, EventLoopContext To);
}
