using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

// The runtime's own loop: on a dedicated thread, or on a calling thread.
internal sealed partial class Runtime
{
    // The layouts are those of the process.
    private static bool s_hasLoggedLayouts;

    private readonly Lock _loopLock = new();
    private readonly TaskCompletionSource _callerLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopThread? _thread;
    private LoopRunner? _runner;
    private EventLoopContext? _ownContext;
    private bool _callerRuns;
    private bool _subscribed;
    private Task? _backendStarted;

    private SignalHandling Signals => _options.Signals ?? SignalHandling.None;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        LoopThread thread;
        lock (_loopLock)
        {
            ThrowIfEnding();
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
                if (_options.Signals == SignalHandling.Python)
                {
                    _thread = null;
                    throw new InvalidOperationException("Signals = Python needs the loop on the main thread, and StartAsync (a host) gives it a dedicated thread: use PyAsyncApp.Run, [PyAsyncMain] or host.RunPyAsync, or leave signals to the host.");
                }

                _thread.Start($"PyAsync loop {Name}", () => StartPython(useCallingThread: false), OpenLoop, EndLoop);
            }

            thread = _thread;
        }

        await thread.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        await StartBackend(cancellationToken).ConfigureAwait(false);
    }

    public T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        return RunUntilComplete(main, main);
    }

    /// <param name="main">The main work.</param>
    /// <param name="source">The caller's delegate, for its name.</param>
    internal T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main, Delegate source) =>
        RunHere(runner =>
        {
            LoopStop run = runner.Announce();
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            runner.Loop.MainToken = cancellation.Token;
            using var scope = SignalScope.Begin(Signals, () => CancelMain(runner.Loop, cancellation), run.Request, _shutdown, Abandon);
            Task<T> task = _tracker.Track(_starter.Start(_backend.OpenLane(runner.Loop), _ownContext!.RecordedBy(this), main, cancellation.Token), source, out WorkTracker.Tracked tracked);
            task.ContinueWith(
                static (_, state) => ((LoopStop)state!).Request(),
                run,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            runner.Run(run, reenterWhenStopped: true, scope);
            if (!task.IsCompleted)
            {
                tracked.GiveUp();
                throw (scope.EndsTheRun ? scope.Interruption(null) : null) ?? new OperationCanceledException("The runtime was disposed before its main work was done.", _stopping.Token);
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

    public void RunForever(CancellationToken cancellationToken = default) =>
        RunHere(runner =>
        {
            LoopStop run = runner.Announce();
            using var scope = SignalScope.Begin(Signals, run.Request, run.Request, _shutdown, Abandon);
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static state => ((LoopStop)state!).Request(), run);
            using CancellationTokenRegistration end = _stopping.Token.UnsafeRegister(static state => ((LoopStop)state!).Request(), run);
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
            _shutdown.Reset();
            StartPython(useCallingThread: MainThread.IsCurrent);
            StartBackend(CancellationToken.None).GetAwaiter().GetResult();
            using AttachScope scope = PythonThread.Attach();
            return run(OpenLoop());
        }
        catch (OperationCanceledException) when (_processEnds)
        {
            return default!; // Never returned; see the end of this method.
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            lock (_loopLock)
            {
                _callerRuns = false;
                if (_ending != 0)
                {
                    _callerLeft.TrySetResult();
                }
            }

            if (_processEnds)
            {
                // The process is exiting (Environment.Exit). This thread must not continue: it would race with the exit.
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }

    private void ClaimLoop()
    {
        if (PythonThread.IsAttached && LoopRegistry.Current.Running(_loopSettings) is not null)
        {
            throw new NestedRunException("An event loop runs on this thread already, and runs cannot be nested: await with IntoFuture instead of RunUntilComplete.");
        }

        lock (_loopLock)
        {
            ThrowIfEnding();
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

    private void StartPython(bool useCallingThread)
    {
        var options = new PythonInterpreterOptions { Python = _options.Python, UseCallingThread = useCallingThread, KeepTracebackLocals = _options.KeepTracebackLocals };
        foreach (string path in _options.ModulePaths)
        {
            options.ModulePaths.Add(path);
        }

        PythonInterpreter interpreter = PythonInterpreter.Start(options);
        lock (_loopLock)
        {
            if (!_subscribed)
            {
                _subscribed = true;
                interpreter.Ending += EndWithProcess;
                _logger.LogInformation("Python {Version} ({Source}: {Path})", interpreter.Installation.Version, interpreter.Installation.Source, interpreter.Installation.Executable ?? interpreter.Installation.LibraryPath);
                if (Interlocked.Exchange(ref s_hasLoggedLayouts, true) == false)
                {
                    _logger.LogInformation("CPython's private layouts {Layouts}", CPythonLayouts.Describe());
                }
            }
        }
    }

    private Task StartBackend(CancellationToken cancellationToken)
    {
        lock (_loopLock)
        {
            if (_backendStarted is { IsFaulted: true } or { IsCanceled: true })
            {
                _backendStarted = null; // As after a failed start of the loop, another attempt is possible.
            }

            return _backendStarted ??= _backend.StartAsync(new BackendStart(_logger, _time), cancellationToken).AsTask();
        }
    }

    /// <summary>Gets the runtime's loop, created at the first call. The calling thread holds the GIL and is about to run the loop.</summary>
    private LoopRunner OpenLoop()
    {
        if (_runner is null)
        {
            _runner = LoopRunner.Create(_loopFactory, _options, _loopSettings);
            _runner.Loop.Owner = this;
            _runner.Loop.ExitOnThread = ReportExitOnLoop;
            _ownContext = _runner.Loop.OwnContext;
            CountLoopless(IsOfModule && _isLoopless);
        }

        return _runner;
    }
}
