using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Watches C# code that runs on a loop's own thread: waiting there for something that only the loop can do would wait for ever. A wait
/// gives up the GIL, goes on as long as it likes while nothing is asked of the loop, and is refused after a time when something is.
/// </summary>
/// <remarks>
/// It sees <c>Task.Wait</c>, <c>Result</c>, locks and wait handles, but not <c>Thread.Sleep</c>. Code that is started here and awaits goes on on
/// the thread pool.
/// </remarks>
internal sealed class LoopSynchronizationContext : SynchronizationContext
{
    private const int WaitTimeout = 0x102;

    /// <summary>How long a look at what is waited for takes at most, in milliseconds; the GIL is kept.</summary>
    private const int Look = 1;

    /// <summary>How long the GIL is given up between two looks at most, in milliseconds: an eighth of the wait so far, which is what a wait may be late by.</summary>
    private const int MaxPause = 10;

    private readonly PythonEventLoop _loop;
    private readonly TimeSpan _limit;

    public LoopSynchronizationContext(PythonEventLoop loop, TimeSpan limit)
    {
        _loop = loop;
        _limit = limit;
        SetWaitNotificationRequired();
    }

    public PythonEventLoop Loop => _loop;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(static item => item.Callback(item.State), (Callback: d, State: state), preferLocal: false);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <inheritdoc/>
    /// <remarks>
    /// The thread has the GIL whenever it looks, so that what it waits for is its own only when it can go on. Waiting without the GIL, it would take
    /// a lock's signal and then wait for the GIL, while another thread that has the GIL waits for that lock, which is free, and for the signal, which is gone.
    /// </remarks>
    /// <exception cref="LoopBlockedException">It waited for too long while the loop had requests in flight.</exception>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        long start = Stopwatch.GetTimestamp();
        long limit = (long)_limit.TotalMilliseconds;
        long refusedAt = limit;
        long end = millisecondsTimeout == Timeout.Infinite ? long.MaxValue : millisecondsTimeout;
        long waited = 0;
        while (true)
        {
            // Most waits are over in no time: a contended lock, a task that has just been done.
            int result = WaitHelper(waitHandles, waitAll, (int)Math.Clamp(end - waited, 0, Look));
            waited = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (result != WaitTimeout || waited >= end)
            {
                return result;
            }

            if (waited >= refusedAt && !_loop.IsClosed)
            {
                RefuseIfInFlight();
                refusedAt += limit;
            }

            // Whoever is to end the wait may need the GIL.
            using DetachScope scope = PythonThread.Detach();
            Thread.Sleep((int)Math.Min(end - waited, Math.Clamp(waited / 8, 1, MaxPause)));
        }
    }

    private void RefuseIfInFlight()
    {
        if (_loop.HasRequestsInFlight)
        {
            _loop.Logger.LogError("Code that runs on the event loop's own thread has waited for {Timeout} while the loop had requests in flight; the wait is refused.", _limit);
            throw new LoopBlockedException(_limit);
        }
    }
}
