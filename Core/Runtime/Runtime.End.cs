using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

// The end: refuse new work, cancel, wait, settle, close. The interpreter stays.
internal sealed partial class Runtime
{
    private static readonly TimeSpan s_processEndTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_stopInterval = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ending;
    private volatile bool _processEnds;

    /// <summary>How long to wait for cancelled work. A process that ends waits briefly: the work may be what is ending it, and never come back.</summary>
    private TimeSpan EndTimeout =>
        _processEnds && _options.ShutdownTimeout > s_processEndTimeout ? s_processEndTimeout : _options.ShutdownTimeout;

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
            Task.Run(BeginEndAsync).GetAwaiter().GetResult();

            // On this thread, which may be the one that ran it: a loop with signal handlers can be closed only there.
            EndIdleLoop();
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

        // The caller may be the loop's thread: nothing of the user's may run on it, nor may it wait.
        await Task.Run(async () =>
        {
            try
            {
                await BeginEndAsync().ConfigureAwait(false);
                EndIdleLoop();
            }
            finally
            {
                await FinishEndAsync().ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private bool TryBeginEnd() => Interlocked.Exchange(ref _ending, 1) == 0;

    /// <summary>Cancels, and waits until no thread of ours or of a caller's runs the loop.</summary>
    private async Task BeginEndAsync()
    {
        await CancelWork().ConfigureAwait(false);
        _tracker.Leave();
        if (_thread is { } thread)
        {
            await EndOwnThread(thread).ConfigureAwait(false);
        }
        else
        {
            await WaitForCaller().ConfigureAwait(false);
        }
    }

    private async Task FinishEndAsync()
    {
        try
        {
            // The pool completes what the end has settled: by the time that Dispose returns, it has, unless a continuation blocks.
            if (_runner is { Loop.IsClosed: true } runner)
            {
                await Task.WhenAny(runner.Loop.WhenSettled(), Task.Delay(EndTimeout, _time)).ConfigureAwait(false);
            }

            if (_backendStarted is not null)
            {
                await _backend.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_subscribed && PythonInterpreter.IsRunning)
            {
                PythonInterpreter.Current.Ending -= EndWithProcess;
            }

            _ended.TrySetResult();
        }
    }

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

    private static async Task EndOwnThread(LoopThread thread)
    {
        LoopRunner runner;
        try
        {
            runner = await thread.Started.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return; // It never started: there is nothing to end.
        }

        runner.RequestStop();
        await thread.Ended.ConfigureAwait(false);
    }

    private async Task WaitForCaller()
    {
        lock (_loopLock)
        {
            if (!_callerRuns)
            {
                return;
            }
        }

        // RunUntilComplete has its main work cancelled; if that does not listen, the loop is stopped under it.
        Task left = _callerLeft.Task;
        await Task.WhenAny(left, Task.Delay(EndTimeout, _time)).ConfigureAwait(false);
        while (!left.IsCompleted)
        {
            // More than once: the caller may have been about to announce its run.
            _runner?.RequestStop();
            await Task.WhenAny(left, Task.Delay(s_stopInterval, _time)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a loop that no thread runs.</summary>
    private void EndIdleLoop()
    {
        if (_runner is { Loop.IsClosed: false } runner && PythonInterpreter.IsRunning)
        {
            using AttachScope scope = PythonThread.Attach();
            runner.End(_tracker.Idle, EndTimeout);
        }
    }

    /// <summary>The process ends with the runtime still there: end it in good order, but not for ever.</summary>
    private void EndWithProcess()
    {
        _processEnds = true;
        DisposeAsync().AsTask().Wait(4 * s_processEndTimeout);
    }
}
