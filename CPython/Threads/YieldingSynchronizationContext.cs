namespace PyAsync.Threads;

/// <summary>
/// The SynchronizationContext of C# code that holds the GIL: a wait releases the GIL (<c>Task.Wait</c>, <c>Result</c>, locks, semaphores, <c>Join</c>, wait handles;
/// not <c>Thread.Sleep</c> and spinning). Code that awaits continues on the thread pool.
/// </summary>
internal sealed class YieldingSynchronizationContext : SynchronizationContext
{
    private YieldingSynchronizationContext() => SetWaitNotificationRequired();

    public static YieldingSynchronizationContext Shared { get; } = new();

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(static item => item.Callback(item.State), (Callback: d, State: state), preferLocal: false);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <inheritdoc/>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        GilWait.Wait(waitHandles, waitAll, millisecondsTimeout, watch: null);
}
