using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

// Ends the runtime: refuse new work, cancel, wait, settle, close. The interpreter stays.
internal sealed partial class Runtime
{
    private static readonly TimeSpan s_processEndTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The time that cancelled work still gets when the host's time is up.</summary>
    private static readonly TimeSpan s_hostEndTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_stopInterval = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exitsOnLoop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShutdownTime _shutdown;
    private LateWork _late = new();
    private int _ending;
    private volatile bool _processEnds;
    private volatile bool _abandoned;

    public void Dispose()
    {
        if (_runner is { Loop.IsCurrentThread: true } && !_ended.Task.IsCompleted)
        {
            throw new InvalidOperationException("Dispose waits for the event loop to end, and this is the loop's own thread: call DisposeAsync and do not wait for it here.");
        }

        using DetachScope scope = PythonThread.Detach();
        if (!TryBeginEnd())
        {
            _ended.Task.GetAwaiter().GetResult();
            return;
        }

        try
        {
            if (Task.Run(BeginEndAsync).GetAwaiter().GetResult())
            {
                // On this thread, which may be the one that ran the loop: a loop with signal handlers can be closed only there.
                EndIdleLoop();
            }
        }
        finally
        {
            Task.Run(FinishEndAsync).GetAwaiter().GetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!TryBeginEnd())
        {
            await _ended.Task.ConfigureAwait(false);
            return;
        }

        // The caller may be the loop's thread, which must neither run user code here nor wait.
        await Task.Run(async () =>
        {
            try
            {
                if (await BeginEndAsync().ConfigureAwait(false))
                {
                    await EndInTime(Task.Run(EndIdleLoop)).ConfigureAwait(false);
                }
            }
            finally
            {
                await FinishEndAsync().ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Ends the runtime as <see cref="DisposeAsync"/> does, within the time of its host. When that time is up, a warning names the work in flight.</summary>
    internal async Task EndWithHostAsync(CancellationToken hostsTime)
    {
        // Must come before anything is cancelled, if there is no time at all.
        LateWork? inFlight = hostsTime.IsCancellationRequested ? Describe() : null;
        Task ended = DisposeAsync().AsTask();
        if (inFlight is null)
        {
            await ended.WaitAsync(hostsTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            inFlight = ended.IsCompleted ? null : Describe();
        }

        if (inFlight is not null)
        {
            _shutdown.CutTo(s_hostEndTimeout);
            _logger.LogWarning(
                "The host's time for its shutdown (HostOptions.ShutdownTimeout) was up before the runtime {Runtime} had ended. In flight was: {InFlight}.", Name, inFlight);
        }

        await ended.ConfigureAwait(false);
    }

    /// <inheritdoc cref="PythonInterpreter.TryFinalizeOnMainThread"/>
    internal static void TryFinalizePython() => PythonInterpreter.TryFinalizeOnMainThread();

    private bool TryBeginEnd()
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
        {
            return false;
        }

        _shutdown.BeginEnd();
        return true;
    }

    /// <summary>Cancels, and waits until no thread, of the runtime or of a caller, runs the loop.</summary>
    /// <returns>False if something blocks that thread: the loop is then left to it.</returns>
    private async Task<bool> BeginEndAsync()
    {
        await CancelWork().ConfigureAwait(false);
        _tracker.Leave();
        return await (_thread is { } thread ? EndOwnThread(thread) : WaitForCaller()).ConfigureAwait(false);
    }

    private async Task FinishEndAsync()
    {
        try
        {
            // The pool completes the Tasks that the end has settled. They are complete when Dispose returns, unless a continuation blocks.
            if (_runner is { Loop.IsClosed: true } runner)
            {
                await TimedWait.UntilAny(LastTime, runner.Loop.Completions.WhenSettled()).ConfigureAwait(false);
            }

            if (!_late.IsEmpty)
            {
                // The code that ends the process by Environment.Exit is itself in flight.
                _logger.Log(_processEnds ? LogLevel.Debug : LogLevel.Warning, "The runtime {Runtime} ended after {Waited} without waiting longer (ShutdownTimeout is {Timeout}) for: {Late}.", Name, _shutdown.Waited, _options.ShutdownTimeout, _late);
            }

            await EndBackend().ConfigureAwait(false);
        }
        finally
        {
            if (_subscribed && PythonInterpreter.IsRunning)
            {
                PythonInterpreter.Current.Ending -= EndWithProcess;
            }

            CountLoopless(false);
            _ended.TrySetResult();
        }
    }

    private async Task EndBackend()
    {
        Task ended = Task.Run(async () => await _backend.DisposeAsync().ConfigureAwait(false));
        await TimedWait.UntilAny(LastTime, ended).ConfigureAwait(false);
        if (ended.IsCompleted)
        {
            await ended.ConfigureAwait(false);
            return;
        }

        // Environment.Exit keeps the backend's thread that has called it.
        _logger.Log(_processEnds ? LogLevel.Debug : LogLevel.Warning, "The backend {Backend} did not end in time: work blocks one of its threads. In flight was: {Late}.", _backend.Name, string.Join(", ", _tracker.Names));
    }

    /// <summary>Gets the remaining time. It is never zero, because what remains to be ended usually ends at once.</summary>
    private TimeSpan LastTime => _shutdown.Left > s_processEndTimeout ? _shutdown.Left : s_processEndTimeout;

    private async Task CancelWork()
    {
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            _logger.LogError(e, "A callback on the runtime's stopping token failed.");
        }
    }

    private async Task<bool> EndOwnThread(LoopThread thread)
    {
        LoopRunner runner;
        try
        {
            if (!await EndInTime(thread.Started).ConfigureAwait(false))
            {
                return false;
            }

            runner = await thread.Started.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return true; // The runtime never started: there is nothing to end.
        }

        runner.RequestStop();
        return await EndInTime(thread.Ended).ConfigureAwait(false);
    }

    private async Task<bool> WaitForCaller()
    {
        lock (_loopLock)
        {
            if (!_callerRuns)
            {
                return true;
            }
        }

        // Cancels the main work of RunUntilComplete; if the main work ignores the cancellation, the loop is stopped under it.
        Task left = _callerLeft.Task;
        await TimedWait.UntilAny(_shutdown.Left, _time, left, _shutdown.CutShort, _exitsOnLoop.Task).ConfigureAwait(false);
        return await EndInTime(StopCaller(left)).ConfigureAwait(false);
    }

    private async Task StopCaller(Task left)
    {
        while (!left.IsCompleted && !_ended.Task.IsCompleted)
        {
            // Repeated, because the caller may have been about to announce its run.
            _runner?.RequestStop();
            await TimedWait.UntilAny(s_stopInterval, _time, left).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a thread that ends the loop. It has the remaining time, and a little more for closing the loop.</summary>
    /// <returns>False if the thread has not ended the loop: something blocks it.</returns>
    private async Task<bool> EndInTime(Task end)
    {
        await TimedWait.UntilAny(_shutdown.Left, end, _shutdown.CutShort, _exitsOnLoop.Task).ConfigureAwait(false);
        if (!end.IsCompleted)
        {
            await TimedWait.UntilAny(5 * s_processEndTimeout, end, CutShortLongAgo(), _exitsOnLoop.Task).ConfigureAwait(false);
        }

        if (_exitsOnLoop.Task.IsCompleted)
        {
            // The loop's thread never returns. C# work was cancelled, and gets the usual time.
            await TimedWait.UntilAny(_shutdown.Left, _tracker.Idle).ConfigureAwait(false);
            return false;
        }

        if (!end.IsCompleted)
        {
            _late = Describe(isBlocked: true);
            if (PythonInterpreter.IsRunning)
            {
                // The end of the process would wait for the same thread.
                PythonInterpreter.Current.EndTimeout = s_processEndTimeout;
            }

            return false;
        }

        await end.ConfigureAwait(false);
        return true;
    }

    private async Task CutShortLongAgo()
    {
        await _shutdown.CutShort.ConfigureAwait(false);
        await Task.Delay(s_processEndTimeout).ConfigureAwait(false);
    }

    /// <summary>Ends a loop that no thread runs.</summary>
    private void EndIdleLoop()
    {
        if (_runner is { Loop.IsClosed: false } runner && PythonInterpreter.IsRunning)
        {
            using AttachScope scope = PythonThread.Attach();
            EndLoop(runner);
        }
    }

    /// <summary>Ends the loop on the thread that has run it, with the GIL held.</summary>
    private void EndLoop(LoopRunner runner) => _late = runner.End(_tracker, _shutdown);

    /// <summary>Called on the loop's thread when code there has called <c>Environment.Exit</c>: the thread waits until the process has ended.</summary>
    internal void ReportExitOnLoop() => _exitsOnLoop.TrySetResult();

    /// <summary>Ends the runtime in an orderly way, within a time limit, when the process ends before it was disposed.</summary>
    private void EndWithProcess()
    {
        _processEnds = true;
        if (_abandoned)
        {
            return;
        }

        _shutdown.CutTo(s_processEndTimeout);
        DisposeAsync().AsTask().Wait(4 * s_processEndTimeout);
    }
}
