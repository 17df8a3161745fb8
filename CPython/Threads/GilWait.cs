using System.Diagnostics;

namespace PyAsync.Threads;

/// <summary>
/// Waits for a SynchronizationContext, and releases the GIL meanwhile: the thread that ends the wait may need it.
/// </summary>
internal abstract class GilWait : SynchronizationContext
{
    private const int WaitTimeout = 0x102;

    /// <summary>The maximum duration of one poll of the handles, in milliseconds; the GIL is held.</summary>
    private const int Look = 1;

    /// <summary>The maximum time without the GIL between two polls, in milliseconds. It is an eighth of the wait so far, by which a wait may end late.</summary>
    private const int MaxPause = 10;

    // Derived only for the inherited static method.
    private GilWait()
    {
    }

    /// <summary>Waits as <see cref="SynchronizationContext.Wait"/> does.</summary>
    /// <remarks>
    /// The thread holds the GIL during each poll, so it acquires a handle only when it can proceed. Without the GIL it would receive a lock's signal
    /// and then wait for the GIL, while another thread that holds the GIL waits for the same lock, whose signal is consumed.
    /// </remarks>
    /// <param name="handles">The handles to wait for.</param>
    /// <param name="waitAll">True if all of them have to be signalled.</param>
    /// <param name="timeout">In milliseconds; -1 for none.</param>
    /// <param name="watch">Called after each <see cref="IWaitWatch.Limit"/> to decide whether the wait may continue; null if it may.</param>
    public static int Wait(IntPtr[] handles, bool waitAll, int timeout, IWaitWatch? watch)
    {
        bool isAttached = PythonThread.IsAttached;
        if (!isAttached && watch is null)
        {
            return WaitHelper(handles, waitAll, timeout);
        }

        long start = Stopwatch.GetTimestamp();
        long limit = watch is null ? long.MaxValue : Math.Max(1, (long)watch.Limit.TotalMilliseconds);
        long refusedAt = limit;
        long end = timeout == Timeout.Infinite ? long.MaxValue : timeout;
        bool? exits = null;
        long waited = 0;
        while (true)
        {
            // Most waits end at once: a contended lock, a task that has just completed.
            int result = WaitHelper(handles, waitAll, (int)Math.Clamp(end - waited, 0, isAttached ? Look : Math.Min(refusedAt - waited, int.MaxValue)));
            waited = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (result != WaitTimeout || waited >= end)
            {
                return result;
            }

            bool isRefused = waited >= refusedAt;
            if ((isRefused || InterpreterState.IsEnding) && (exits ??= ProcessExit.IsRequestedByThisThread()) == true)
            {
                return WaitForEnd(handles, waitAll, timeout, watch);
            }

            if (isRefused)
            {
                watch!.ThrowIfBlocked();
                refusedAt = waited + limit;
            }

            if (isAttached)
            {
                DetachScope scope = PythonThread.Detach();
                Thread.Sleep((int)Math.Min(end - waited, Math.Clamp(waited / 8, 1, MaxPause)));
                if (InterpreterState.IsEnding && (exits ??= ProcessExit.IsRequestedByThisThread()) == true)
                {
                    // Without the GIL: before 3.14, CPython terminates a thread that takes it while Python is finalised.
                    return WaitForEnd(handles, waitAll, timeout, watch);
                }

                if (!scope.TryEnd())
                {
                    // Python ends. The thread that ends the process continues without the GIL; any other thread stays here.
                    return WaitHelper(handles, waitAll, ProcessExit.IsRequestedByThisThread() ? timeout : Park());
                }
            }
        }
    }

    /// <summary>Waits within <c>Environment.Exit</c>: the thread never returns to its caller. It waits for the end of Python, which needs the GIL.</summary>
    private static int WaitForEnd(IntPtr[] handles, bool waitAll, int timeout, IWaitWatch? watch)
    {
        ProcessExit.RecordThread();
        watch?.LeaveForGood();
        _ = PythonThread.Detach();
        return WaitHelper(handles, waitAll, timeout);
    }

    private static int Park()
    {
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
