using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// Watches C# code that runs on a loop's own thread: a wait for something that only the loop can do would never end. A wait releases the GIL, may last
/// any time while the loop has no requests in flight, and is refused after a time-out if it has some.
/// </summary>
/// <remarks>
/// It sees <c>Task.Wait</c>, <c>Result</c>, locks and wait handles, but not <c>Thread.Sleep</c>. Code that is started here and awaits continues on
/// the thread pool.
/// </remarks>
internal sealed class LoopSynchronizationContext : SynchronizationContext, IWaitWatch
{
    public LoopSynchronizationContext(PythonEventLoop loop, TimeSpan limit)
    {
        Loop = loop;
        Limit = limit;
        SetWaitNotificationRequired();
    }

    /// <summary>Gets the context of the loop that runs on this thread; null if none is known.</summary>
    public static LoopSynchronizationContext? OfThread => EntryFromPython.LoopContext as LoopSynchronizationContext;

    public PythonEventLoop Loop { get; }

    public TimeSpan Limit { get; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(static item => item.Callback(item.State), (Callback: d, State: state), preferLocal: false);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <inheritdoc/>
    /// <exception cref="LoopBlockedException">The wait took too long while the loop had requests in flight.</exception>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        GilWait.Wait(waitHandles, waitAll, millisecondsTimeout, this);

    public void ThrowIfBlocked()
    {
        if (!Loop.IsClosed && Loop.HasRequestsInFlight)
        {
            Loop.Logger.LogError("Code that runs on the event loop's own thread has waited for {Timeout} while the loop had requests in flight; the wait is refused.", Limit);
            throw LoopBlockedException.OnLoop(Limit);
        }
    }

    public void LeaveForGood() => Loop.ExitOnThread?.Invoke();
}
