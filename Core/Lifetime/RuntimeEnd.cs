using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>Ends a runtime: refuses new work, cancels, waits, settles, closes. The interpreter stays. From any thread.</summary>
/// <param name="parts">The runtime's parts.</param>
/// <param name="phase">The runtime's phase.</param>
/// <param name="host">Ends the loop.</param>
/// <param name="runs">Runs the loop on a thread.</param>
/// <param name="backend">Ends the backend.</param>
/// <param name="work">Describes the work in flight.</param>
/// <param name="ended">Called once, when the runtime has ended.</param>
internal sealed class RuntimeEnd(RuntimeParts parts, RuntimePhase phase, LoopHost host, LoopRuns runs, BackendLife backend, WorkInFlight work, Action ended)
{
    private static readonly TimeSpan s_stopInterval = TimeSpan.FromMilliseconds(100);

    // The work that was in flight when the host's time was up, if something blocks the loop's thread.
    private volatile LateWork? _blocked;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the runtime, and waits for the end.</summary>
    /// <exception cref="InvalidOperationException">The calling thread is the loop's.</exception>
    public void End()
    {
        if (host.Runner is { Loop.IsCurrentThread: true } && !_ended.Task.IsCompleted)
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
                host.EndIdle();
            }
        }
        finally
        {
            Task.Run(FinishEndAsync).GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends the runtime. May be called on the loop's thread, which must not wait for the end.</summary>
    public async Task EndAsync()
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
                    await EndInTime(Task.Run(host.EndIdle)).ConfigureAwait(false);
                }
            }
            finally
            {
                await FinishEndAsync().ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Ends the runtime as <see cref="EndAsync"/> does, within the time of its host. When that time is up, a warning names the work in flight.</summary>
    public async Task EndWithHostAsync(CancellationToken hostsTime)
    {
        // Must come before anything is cancelled, if there is no time at all.
        LateWork? inFlight = hostsTime.IsCancellationRequested ? work.Describe() : null;
        Task end = EndAsync();
        if (inFlight is null)
        {
            await end.WaitAsync(hostsTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            inFlight = end.IsCompleted ? null : work.Describe();
        }

        if (inFlight is not null)
        {
            _blocked = inFlight.IsBlocked ? inFlight : null;
            parts.Shutdown.CutTo(inFlight.IsBlocked ? EndTimes.Blocked : EndTimes.WithHost);
            parts.Logger.LogWarning(
                "The host's time for its shutdown (HostOptions.ShutdownTimeout) was up before the runtime {Runtime} had ended. In flight was: {InFlight}.", parts.Title, inFlight);
        }

        await end.ConfigureAwait(false);
    }

    private bool TryBeginEnd()
    {
        if (!phase.TryBeginEnd())
        {
            return false;
        }

        parts.Shutdown.BeginEnd();
        return true;
    }

    /// <summary>Cancels, and waits until no thread, of the runtime or of a caller, runs the loop.</summary>
    /// <returns>False if something blocks that thread: the loop is then left to it.</returns>
    private async Task<bool> BeginEndAsync()
    {
        await CancelWork().ConfigureAwait(false);
        parts.Tracker.Leave();
        return await (runs.OwnThread is { } thread ? EndOwnThread(thread) : WaitForCaller()).ConfigureAwait(false);
    }

    private async Task FinishEndAsync()
    {
        try
        {
            // The pool completes the Tasks that the end has settled. They are complete when Dispose returns, unless a continuation blocks.
            if (host.Runner is { Loop.IsClosed: true } runner)
            {
                await TimedWait.UntilAny(LastTime, runner.Loop.Completions.WhenSettled()).ConfigureAwait(false);
            }

            if (!host.Late.IsEmpty)
            {
                // The code that ends the process by Environment.Exit is itself in flight.
                parts.Logger.Log(phase.ProcessEnds ? LogLevel.Debug : LogLevel.Warning, "The runtime {Runtime} ended after {Waited} without waiting longer ({Limit}) for: {Late}.", parts.Title, parts.Shutdown.Waited, parts.Shutdown.Limit, host.Late);
            }

            await backend.EndAsync(LastTime).ConfigureAwait(false);
        }
        finally
        {
            host.Leave();
            ended();
            _ended.TrySetResult();
        }
    }

    /// <summary>Gets the remaining time. It is never zero, because what remains to be ended usually ends at once.</summary>
    private TimeSpan LastTime => parts.Shutdown.Left > EndTimes.WithProcess ? parts.Shutdown.Left : EndTimes.WithProcess;

    private async Task CancelWork()
    {
        if (host.Runner is { } runner)
        {
            runner.Loop.IsEnding = true;
        }

        try
        {
            await parts.Stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            parts.Logger.LogError(e, "A callback on the runtime's stopping token failed.");
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
        Task left = runs.WhenCallerLeft();
        if (left.IsCompleted)
        {
            return true;
        }

        // The main work of RunUntilComplete was cancelled; if it ignores the cancellation, the loop is stopped under it.
        await TimedWait.UntilAny(parts.Shutdown.Left, parts.Time, left, parts.Shutdown.CutShort, host.Exits).ConfigureAwait(false);
        return await EndInTime(StopCaller(left)).ConfigureAwait(false);
    }

    private async Task StopCaller(Task left)
    {
        while (!left.IsCompleted && !_ended.Task.IsCompleted)
        {
            // Repeated, because the caller may have been about to announce its run.
            host.Runner?.RequestStop();
            await TimedWait.UntilAny(s_stopInterval, parts.Time, left).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a thread that ends the loop. It has the remaining time, and a little more for closing the loop.</summary>
    /// <returns>False if the thread has not ended the loop: something blocks it.</returns>
    private async Task<bool> EndInTime(Task end)
    {
        await TimedWait.UntilAny(parts.Shutdown.Left, end, parts.Shutdown.CutShort, host.Exits).ConfigureAwait(false);
        LateWork? blocked = _blocked;
        if (!end.IsCompleted && blocked is null)
        {
            await TimedWait.UntilAny(5 * EndTimes.WithProcess, end, CutShortLongAgo(), host.Exits).ConfigureAwait(false);
        }

        if (host.Exits.IsCompleted)
        {
            // The loop's thread never returns. C# work was cancelled, and gets the usual time.
            await TimedWait.UntilAny(parts.Shutdown.Left, parts.Tracker.Idle).ConfigureAwait(false);
            return false;
        }

        if (!end.IsCompleted)
        {
            host.Late = blocked ?? work.Describe(isBlocked: true);
            if (PythonInterpreter.IsRunning)
            {
                // The end of the process would wait for the same thread.
                PythonInterpreter.Current.EndTimeout = EndTimes.WithProcess;
                PythonInterpreter.Current.ThreadsTimeout = blocked is null ? EndTimes.WithProcess : EndTimes.Blocked;
            }

            await SettleCalls(blocked is null ? EndTimes.WithProcess : EndTimes.WithHost).ConfigureAwait(false);
            return false;
        }

        await end.ConfigureAwait(false);
        return true;
    }

    /// <summary>Settles the calls of .NET on a loop that something blocks. A thread does it as soon as it gets the GIL, which may be never.</summary>
    private async Task SettleCalls(TimeSpan timeout)
    {
        if (host.Runner is not { Loop: { IsClosed: false } loop } || !PythonInterpreter.IsRunning)
        {
            return;
        }

        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Settle) { IsBackground = true, Name = "PyAsync settlement" };
        thread.UnsafeStart();
        await TimedWait.UntilAny(timeout, settled.Task).ConfigureAwait(false);

        void Settle()
        {
            Task completed;
            try
            {
                using AttachScope scope = PythonThread.Attach();
                loop.AbandonCalls(new OperationCanceledException("The runtime ended before the call was done: something blocks its event loop."));
                completed = loop.Completions.WhenSettled();
            }
            catch (InvalidOperationException e)
            {
                parts.Logger.LogDebug(e, "The calls on a blocked event loop could not be settled: Python has ended.");
                return;
            }

            completed.ContinueWith(_ => settled.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task CutShortLongAgo()
    {
        await parts.Shutdown.CutShort.ConfigureAwait(false);
        await Task.Delay(EndTimes.WithProcess).ConfigureAwait(false);
    }
}
