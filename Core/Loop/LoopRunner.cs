using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A loop of a runtime's own: makes it, runs it on whatever thread calls, ends it as <c>asyncio.run</c> does. The calling thread
/// holds the GIL in every method.
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
        if (options.Debug is { } debug)
        {
            loop.CallMethod("set_debug", [debug]).Dispose();
        }

        LoopExceptionHandler.Install(loop.Reference, settings.Logger);
        return new LoopRunner(loop, PythonEventLoop.Bind(loop.Reference, settings), settings.Logger);
    }

    /// <summary>Announces a run: what asks for its end from here on, before it has begun, counts.</summary>
    public LoopStop Announce()
    {
        var run = new LoopStop(Loop);
        _run = run;
        return run;
    }

    /// <summary>Makes the present <see cref="Run"/> return. From any thread, without the GIL.</summary>
    public void RequestStop() => _run?.Request();

    /// <summary>
    /// Runs the loop until that is asked to stop. A SystemExit or KeyboardInterrupt of one coroutine, which asyncio throws out of the
    /// run, has reached whoever awaits that coroutine: the loop is entered again for the others.
    /// </summary>
    /// <param name="run">What <see cref="Announce"/> gave.</param>
    /// <param name="reenterWhenStopped">Whether a <c>loop.stop()</c> of Python's is answered by entering again, rather than by returning.</param>
    /// <param name="signals">Takes such an exception that nobody awaits; null on a thread of ours, where there is nothing for it to end.</param>
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
                catch (PythonException e) when (e.IsInstanceOf("SystemExit") || e.IsInstanceOf("KeyboardInterrupt"))
                {
                    bool hasAwaiter = HasAwaiter(e);
                    if (signals?.TryTake(e, hasAwaiter) is not true)
                    {
                        _logger.Log(hasAwaiter ? LogLevel.Debug : LogLevel.Error, e, "{Type} in a coroutine or callback; the event loop goes on.", e.TypeName);
                    }
                }
            }
        }
        finally
        {
            run.Leave();
            Loop.LeaveRunningThread();
        }
    }

    /// <summary>Cancels what still runs, waits for it, settles what is left, closes the loop.</summary>
    /// <param name="spawned">Done once the .NET work that Python knows nothing of has ended.</param>
    /// <param name="timeout">How long to wait.</param>
    public void End(Task spawned, TimeSpan timeout)
    {
        if (Loop.IsClosed)
        {
            _loop.Dispose();
            return;
        }

        using (PyObject running = _loop.CallMethod("is_running"))
        {
            if (running.IsTrue())
            {
                // uvloop's, when an interrupt came up within its own beginning or end of a run: it can neither run nor be closed any more.
                _logger.LogError("The event loop was interrupted where it cannot go on: it is given up, and what it had to do is cancelled.");
                Loop.GiveUp();
                Release();
                return;
            }
        }

        long start = Stopwatch.GetTimestamp();
        Loop.EnterRunningThread();
        try
        {
            Loop.EndReason = new OperationCanceledException("The runtime ended before the call was done.");
            CancelAll(spawned, timeout);
            RunUntilComplete("end_generators", default);
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            using PyObject? inTime = RunUntilComplete("end_executor", [Math.Max(0, left.TotalSeconds)]);
            if (inTime?.IsTrue() is false)
            {
                _logger.LogWarning("The runtime ended without waiting longer for threads of loop.run_in_executor: they did not end within {Timeout}.", timeout);
            }
        }
        finally
        {
            Loop.LeaveRunningThread();
            _loop.CallMethod("close").Dispose();
            Release();
        }
    }

    /// <summary>The loop is this thread's no more, nor ours.</summary>
    private void Release()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        asyncio.CallMethod("set_event_loop", [PyArgument.Of(null)]).Dispose();
        _loop.Dispose();
    }

    private static bool HasAwaiter(PythonException exit)
    {
        using NewReference answer = CoreModules.Current.LoopRun("has_awaiter").Call(exit.Value.Reference).OrThrow();
        return answer.Borrow() == PythonInterpreter.Current.Objects.True;
    }

    private void CancelAll(Task spawned, TimeSpan timeout)
    {
        using PyObject work = Loop.CancelWork().ToPyObject();
        using PyObject awaited = Loop.AwaitedTasks().ToPyObject();
        if (!spawned.IsCompleted)
        {
            using PyObject future = StartedWork.IntoPy(Loop, spawned, null, CancelBehavior.Abandon).ToPyObject();
            work.CallMethod("append", [future]).Dispose();
        }

        using PyObject settle = PyFunction.Create("pyasync_settle", Loop.SettleWhatIsLeft);
        using PyObject? late = RunUntilComplete("end", [work, awaited, timeout.TotalSeconds, settle]);
        foreach (PyObject description in late?.Items() ?? [])
        {
            _logger.LogWarning("The runtime ended without waiting longer for {Item}: it did not end within {Timeout} of its cancellation.", description.ToString(), timeout);
            description.Dispose();
        }
    }

    /// <summary>Runs one of the end's coroutines. What goes wrong is told, and does not keep the rest of the end from happening.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The end goes on.")]
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
                catch (PythonException e) when (e.IsInstanceOf("SystemExit") || e.IsInstanceOf("KeyboardInterrupt"))
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
