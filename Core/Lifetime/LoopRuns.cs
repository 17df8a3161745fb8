using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>Runs a runtime's own loop: on a dedicated thread, or on a calling thread. From any thread.</summary>
internal sealed class LoopRuns(RuntimeParts parts, RuntimePhase phase, LoopHost host, BackendLife backend, Abandonment abandonment)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _callerLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopThread? _thread;
    private bool _callerRuns;

    /// <summary>Gets the dedicated thread; null if there is none.</summary>
    public LoopThread? OwnThread => _thread;

    private SignalHandling Signals => parts.Options.Signals ?? SignalHandling.None;

    /// <summary>Gets a Task that completes when the caller that runs the loop has left it. The runtime has begun to end. Completed if no caller runs the loop.</summary>
    public Task WhenCallerLeft()
    {
        lock (_lock)
        {
            return _callerRuns ? _callerLeft.Task : Task.CompletedTask;
        }
    }

    /// <inheritdoc cref="IRuntime.StartAsync"/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LoopThread thread;
        lock (_lock)
        {
            phase.ThrowIfEnding();
            if (_callerRuns)
            {
                return; // RunUntilComplete or RunForever runs the loop, so the runtime is started.
            }

            if (_thread is { Started.IsFaulted: true })
            {
                _thread = null;
            }

            if (_thread is null)
            {
                _thread = new LoopThread();
                if (parts.Options.Signals == SignalHandling.Python)
                {
                    _thread = null;
                    throw new SignalsNeedMainThreadException();
                }

                _thread.Start($"PyAsync loop {parts.Name}", () => host.StartPython(useCallingThread: false), host.Open, host.End);
            }

            thread = _thread;
        }

        await thread.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        await backend.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IRuntime.RunUntilComplete{T}"/>
    /// <param name="main">The main work.</param>
    /// <param name="source">The caller's delegate, for its name.</param>
    public T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main, Delegate source) =>
        RunHere(runner =>
        {
            LoopStop run = runner.Announce();
            var cancellation = CancellationTokenSource.CreateLinkedTokenSource(parts.Stopping.Token);
            runner.Loop.MainToken = cancellation.Token;
            using var scope = SignalScope.Begin(Signals, () => CancelMain(runner.Loop, cancellation), run.Request, parts.Shutdown, abandonment.Abandon);
            Task<T> task = parts.Tracker.Track(parts.Starter.Start(parts.Backend.OpenLane(runner.Loop), runner.Loop.OwnContext.RecordedBy(parts.Runtime), main, cancellation.Token), source, out WorkTracker.Tracked? tracked);
            task.ContinueWith(
                static (_, state) => ((LoopStop)state!).Request(),
                run,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            runner.Run(run, reenterWhenStopped: true, scope);
            cancellation.Dispose(); // Not if an exception has ended the run: the end of the runtime cancels main work that still runs.
            if (!task.IsCompleted)
            {
                tracked?.GiveUp();
                throw (scope.EndsTheRun ? scope.Interruption(null) : null) ?? new OperationCanceledException("The runtime was disposed before its main work was done.", parts.Stopping.Token);
            }

            try
            {
                T result = task.GetAwaiter().GetResult();
                scope.ThrowIfExited();
                return result;
            }
            catch (OperationCanceledException e)
            {
                scope.ThrowIfExited();
                if (scope.Interruption(e) is { } interruption)
                {
                    throw interruption;
                }

                throw;
            }
        });

    /// <summary>Fires the main work's token, and cancels the Python tasks that the main work awaits without a token. Called after a signal, on any thread.</summary>
    private static void CancelMain(PythonEventLoop loop, CancellationTokenSource cancellation)
    {
        loop.TryPost(loop.Awaits.CancelThoseWithoutToken);
        ThreadPool.UnsafeQueueUserWorkItem(
            static source =>
            {
                try
                {
                    source.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The main work was done in the meantime.
                }
            },
            cancellation,
            preferLocal: false);
    }

    /// <inheritdoc cref="IRuntime.RunForever"/>
    public void RunForever(CancellationToken cancellationToken) =>
        RunHere(runner =>
        {
            LoopStop run = runner.Announce();
            using var scope = SignalScope.Begin(Signals, run.Request, run.Request, parts.Shutdown, abandonment.Abandon);
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static state => ((LoopStop)state!).Request(), run);
            using CancellationTokenRegistration end = parts.Stopping.Token.UnsafeRegister(static state => ((LoopStop)state!).Request(), run);
            runner.Run(run, reenterWhenStopped: false, scope);
            scope.ThrowIfExited();
            return scope.Interruption(null) is { } interruption ? throw interruption : true;
        });

    /// <summary>Gives the calling thread to the loop for the length of <paramref name="run"/>.</summary>
    private T RunHere<T>(Func<LoopRunner, T> run)
    {
        ClaimLoop();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            parts.Shutdown.Reset();
            host.StartPython(useCallingThread: MainThread.IsCurrent);
            backend.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
            using AttachScope scope = PythonThread.Attach();
            return run(host.Open());
        }
        catch (OperationCanceledException) when (phase.ProcessEnds)
        {
            return default!; // Never returned; see the end of this method.
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            lock (_lock)
            {
                _callerRuns = false;
                if (phase.IsEnding)
                {
                    _callerLeft.TrySetResult();
                }
            }

            if (phase.ProcessEnds)
            {
                // The process is exiting (Environment.Exit). This thread must not continue: it would race with the exit.
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }

    private void ClaimLoop()
    {
        if (PythonThread.IsAttached && LoopRegistry.Current.Running(parts.LoopSettings) is not null)
        {
            throw new NestedRunException("An event loop runs on this thread already, and runs cannot be nested: await with IntoFuture instead of RunUntilComplete.");
        }

        lock (_lock)
        {
            phase.ThrowIfEnding();
            if (_thread is not null)
            {
                throw new NestedRunException("The runtime's event loop runs on a dedicated thread (a host or StartAsync started it), so no other thread can run it: await with IntoFuture instead of RunUntilComplete.");
            }

            if (_callerRuns)
            {
                throw new NestedRunException("The runtime's event loop runs on another thread that called RunUntilComplete or RunForever: await with IntoFuture, or use a second runtime.");
            }

            _callerRuns = true;
        }
    }
}
