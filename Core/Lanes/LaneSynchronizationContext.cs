using PyAsync.Interop;

namespace PyAsync;

/// <summary>Brings code that runs on a lane back to it after each await.</summary>
internal sealed class LaneSynchronizationContext : SynchronizationContext
{
    private readonly LaneTaskScheduler _scheduler;
    private volatile RoutedContext? _routed;

    public LaneSynchronizationContext(LaneTaskScheduler scheduler)
    {
        _scheduler = scheduler;
        if (scheduler.Lane.Affinity == LaneAffinity.Loop)
        {
            SetWaitNotificationRequired();
        }
    }

    /// <summary>The context for calls that code on the lane makes: their continuations come straight back.</summary>
    public EventLoopContext Route(EventLoopContext context)
    {
        if (context.CompletionRoute is not null || _scheduler.Lane.Affinity == LaneAffinity.Loop)
        {
            return context;
        }

        // Mostly one and the same: a race only makes one more.
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
    /// <exception cref="NotSupportedException">On a thread that is not the lane's: waiting for it would block.</exception>
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

    /// <summary>On the loop's own thread a wait is the loop's business: it is watched, and refused rather than to last for ever.</summary>
    /// <inheritdoc/>
    /// <exception cref="LoopBlockedException">It waited for too long while the loop had requests in flight.</exception>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        EntryFromPython.LoopContext is { } loop
            ? loop.Wait(waitHandles, waitAll, millisecondsTimeout)
            : WaitHelper(waitHandles, waitAll, millisecondsTimeout);

    private sealed record RoutedContext(EventLoopContext From, EventLoopContext To);
}
