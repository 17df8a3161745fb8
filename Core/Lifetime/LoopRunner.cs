using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>
/// Runs a runtime's own loop: creates it, runs it on the calling thread, ends it as <c>asyncio.run</c> does. The calling thread holds the GIL in every
/// method.
/// </summary>
internal sealed class LoopRunner
{
    private readonly PyObject _loop;
    private readonly ILogger _logger;
    private volatile LoopStop? _run;

    private LoopRunner(PyObject loop, PythonEventLoop bound, ILogger logger)
    {
        _loop = loop;
        Loop = bound;
        _logger = logger;
    }

    public PythonEventLoop Loop { get; }

    public static LoopRunner Create(EventLoopFactory factory, PyAsyncOptions options, LoopSettings settings)
    {
        PyObject loop = factory.CreateLoop();
        CoreModules.Current.LoopRun("give_executor").Call(loop.Reference).OrThrow().Dispose();
        if (options.Debug is { } debug)
        {
            loop.CallMethod("set_debug", [debug]).Dispose();
        }

        LoopExceptionHandler.Install(loop.Reference, settings.Logger);
        return new LoopRunner(loop, PythonEventLoop.Bind(loop.Reference, settings), settings.Logger);
    }

    /// <summary>Announces a run: a stop request from here on takes effect, even before the run has begun.</summary>
    public LoopStop Announce()
    {
        _run?.Leave(); // A signal's exception may have ended the previous run before it entered the loop.
        return _run = new LoopStop(Loop);
    }

    /// <summary>Makes the current <see cref="Run"/> return. From any thread, without the GIL.</summary>
    public void RequestStop() => _run?.Request();

    /// <summary>
    /// Runs the loop until it is stopped. A SystemExit or KeyboardInterrupt of one coroutine, which asyncio raises out of the run, has reached the
    /// awaiter of that coroutine: the loop is entered again for the others.
    /// </summary>
    /// <param name="run">The run that <see cref="Announce"/> returned.</param>
    /// <param name="reenterWhenStopped">True if the loop is entered again after a <c>loop.stop()</c> of Python code, rather than returning.</param>
    /// <param name="signals">Handles such an exception that no code awaits; null on the library's thread, where there is no run for it to end.</param>
    public void Run(LoopStop run, bool reenterWhenStopped, SignalScope? signals = null)
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        asyncio.CallMethod("set_event_loop", [_loop]).Dispose();
        Loop.EnterRunningThread();
        try
        {
            while (!run.IsRequested)
            {
                try
                {
                    CoreModules.Current.LoopRun("run_forever").Call(_loop.Reference).OrThrow().Dispose();
                    if (!reenterWhenStopped)
                    {
                        return;
                    }

                    if (!run.IsRequested)
                    {
                        _logger.LogWarning("Python code stopped the runtime's event loop; it is entered again. Dispose the runtime to end it.");
                    }
                }
                catch (PythonException e) when (IsExit(e))
                {
                    if (IsRunning(out PythonException? another))
                    {
                        throw; // It interrupted the begin or the end of the loop's run: the loop cannot be entered again.
                    }

                    Take(e, HasAwaiter(e), signals);
                    Take(another, hasAwaiter: false, signals);
                }
            }
        }
        finally
        {
            run.Leave();
            Loop.LeaveRunningThread();
        }
    }

    /// <summary>Passes an exception that came out of the loop to the code that handles signals. The loop continues if the exception does not end the run.</summary>
    private void Take(PythonException? exit, bool hasAwaiter, SignalScope? signals)
    {
        if (exit is not null && signals?.TryTake(exit, hasAwaiter) is not true)
        {
            _logger.Log(hasAwaiter ? LogLevel.Debug : LogLevel.Error, exit, "{Type} in a coroutine or callback; the event loop continues.", exit.TypeName);
        }
    }

    /// <summary>Describes the loop's tasks. Works while another thread runs the loop.</summary>
    public string[] NamesOfTasks()
    {
        using PyObject tasks = CoreModules.Current.LoopRun("describe_tasks").Call(_loop.Reference).ToPyObject();
        return tasks.As(PyConvert.Array(PyConvert.String));
    }

    /// <summary>Cancels the running work, waits for it, settles the rest, closes the loop.</summary>
    /// <param name="tracker">The .NET work that Python does not await.</param>
    /// <param name="time">The time to wait.</param>
    /// <returns>The work that did not end in time.</returns>
    public LateWork End(WorkTracker tracker, ShutdownTime time)
    {
        var late = new LateWork();
        if (Loop.IsClosed)
        {
            _loop.Dispose();
            return late;
        }

        if (IsRunning(out _))
        {
            // A uvloop that was interrupted while it began or ended a run can neither run nor be closed any more.
            _logger.LogError("The event loop was interrupted where it cannot continue: it is abandoned, and its requests are cancelled.");
            Loop.GiveUp();
            Release();
            return late;
        }

        Loop.EnterRunningThread();
        try
        {
            Loop.EndReason = new OperationCanceledException("The runtime ended before the call was done.");
            using PyObject cutShort = NewFuture(time.CutShort);
            CancelAll(tracker, time, cutShort, late);
            if (!RunInTime("end_generators", time, cutShort))
            {
                late.Add("kind of clean-up", "kinds of clean-up", ["that of asynchronous generators"]);
            }

            if (InterpreterState.IsEnding)
            {
                // One of the executor's threads may have called Environment.Exit.
                ExitFunctions.LeaveOutExitingThreads();
            }

            if (!RunInTime("end_executor", time, cutShort))
            {
                late.Add("executor", "executors", ["threads of loop.run_in_executor"]);
            }
        }
        finally
        {
            Loop.LeaveRunningThread();
            Close();
            Release();
        }

        return late;
    }

    /// <summary>Returns true if the loop's is_running() does. A loop that cannot say so is ended like any other.</summary>
    /// <param name="interrupt">The exception of a signal handler that ran in is_running(), which is Python code; null if there is none.</param>
    private bool IsRunning(out PythonException? interrupt)
    {
        interrupt = null;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using PyObject running = _loop.CallMethod("is_running");
                return running.IsTrue();
            }
            catch (PythonException e) when (IsExit(e) && attempt < LoopInterrupts.Maximum)
            {
                interrupt = e;
            }
            catch (PythonException e)
            {
                _logger.LogError(e, "The event loop's is_running() failed.");
                return false;
            }
        }
    }

    /// <summary>Closes the loop. If its close() fails, the .NET side ends all the same, and settles what waits for it.</summary>
    private void Close()
    {
        try
        {
            _loop.CallMethod("close").Dispose();
        }
        catch (PythonException e)
        {
            _logger.LogError(e, "The event loop's close() failed: the loop is abandoned.");
            Loop.GiveUp();
        }
    }

    /// <summary>Releases the loop: neither this thread nor the runtime uses it any more.</summary>
    private void Release()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        asyncio.CallMethod("set_event_loop", [null]).Dispose();
        _loop.Dispose();
    }

    private static bool IsExit(PythonException e) => e.IsInstanceOf("SystemExit") || e.IsInstanceOf("KeyboardInterrupt");

    private static bool HasAwaiter(PythonException exit)
    {
        using NewReference answer = CoreModules.Current.LoopRun("has_awaiter").Call(exit.Value.Reference).OrThrow();
        return answer.Borrow() == InterpreterState.Current.True;
    }

    private void CancelAll(WorkTracker tracker, ShutdownTime time, PyObject cutShort, LateWork late)
    {
        using PyObject work = Loop.Work.Cancel().ToPyObject();
        using PyObject awaited = Loop.Awaits.AwaitedObjects().ToPyObject();
        using PyObject cancelled = Loop.Awaits.CancelledAtEnd().ToPyObject();
        PyObject? spawned = null;
        if (!tracker.Idle.IsCompleted)
        {
            spawned = StartedWork.IntoPy(Loop, tracker.Idle, null, CancelBehavior.Abandon, isCall: false).ToPyObject();
            work.CallMethod("append", [spawned]).Dispose();
        }

        using PyObject? calls = Loop.Work.WhenCallsEnded() is { IsCompleted: false } callsEnded ? NewFuture(callsEnded) : null;
        if (calls is not null)
        {
            work.CallMethod("append", [calls]).Dispose();
        }

        string[] awaitedWork = [];
        using PyObject settle = PyFunction.Create(
            "pyasync_settle",
            () =>
            {
                awaitedWork = Loop.Work.Names(except: spawned);
                Loop.Awaits.Abandon(Loop.EndReason!);
                Loop.Work.GiveUp();
            });
        using PyObject? tasks = RunUntilComplete("end", [work, awaited, cancelled, time.Left.TotalSeconds, cutShort, settle]);
        spawned?.Dispose();
        late.Add("Python task", "Python tasks", tasks?.As(PyConvert.Array(PyConvert.String)) ?? [])
            .Add("piece of C# work that Python awaits", "pieces of C# work that Python awaits", awaitedWork)
            .Add("piece of C# work", "pieces of C# work", tracker.Names);
    }

    /// <summary>Makes a future of the loop that is done when a Task is. Unlike the futures of work, it is not settled with the rest.</summary>
    private PyObject NewFuture(Task source)
    {
        PyObject future = _loop.CallMethod("create_future");
        source.ContinueWith(
            _ => Loop.TryPost(() => CoreModules.Current.LoopRun("finish").Call(future.Reference).OrThrow().Dispose()),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        return future;
    }

    /// <summary>Runs one of the coroutines that end the loop. Returns false if it did not end in time.</summary>
    private bool RunInTime(string function, ShutdownTime time, PyObject cutShort)
    {
        using PyObject? inTime = RunUntilComplete(function, [time.Left.TotalSeconds, cutShort]);
        return inTime?.IsTrue() is not false;
    }

    /// <summary>Runs one of the coroutines that end the loop. A failure is logged, and does not prevent the remaining steps.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end continues.")]
    private PyObject? RunUntilComplete(string function, CallArguments arguments)
    {
        try
        {
            using NewReference coroutine = arguments.Call(CoreModules.Current.LoopRun(function)).OrThrow();
            using NewReference task = CoreModules.Current.LoopRun("create_task").Call(_loop.Reference, coroutine.Borrow()).OrThrow();
            while (true)
            {
                try
                {
                    return CoreModules.Current.LoopRun("run_until_complete").Call(_loop.Reference, task.Borrow()).ToPyObject();
                }
                catch (PythonException e) when (IsExit(e))
                {
                    _logger.LogDebug(e, "{Type} while the runtime was ending.", e.TypeName);
                }
            }
        }
        catch (Exception e)
        {
            _logger.LogError(e, "A step of the runtime's end failed: {Step}.", function);
            return null;
        }
    }
}
