using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// One Python event loop and its inbox. Made for the loops of runtimes and, at the first call, for loops that somebody else
/// runs; ends when the loop closes, whoever closes it.
/// </summary>
/// <remarks>
/// It never keeps the Python loop alive: a loop that is dropped without being closed takes this with it. Fields without a
/// remark belong to the thread that holds the GIL.
/// </remarks>
internal sealed partial class PythonEventLoop : EventLoop
{
    private readonly nint _loop;
    private readonly Inbox _inbox = new();
    private readonly LoopWaker _waker;
    private readonly CapturedVariables _captures = new();
    private readonly ILogger _logger;
    private OwnedReference _weakLoop;
    private OwnedReference _drain;

    // What the loop runs the drain in: a copy of the context in which it was told of it.
    private OwnedReference _drainContext;
    private readonly bool _tellsContexts = ContextIdentity.IsSupported;
    private int _runningThread;

    private PythonEventLoop(BorrowedReference loop, LoopSettings settings)
    {
        _loop = loop.Pointer;
        _logger = settings.Logger;
        SynchronizationContext = new LoopSynchronizationContext(this, settings.BlockingWaitTimeout);
        OwnContext = new EventLoopContext(this);
        LaneContext = new EventLoopContext(this, null, null, EventLoopContext.OnLoopRoute);
        Starter = new CoroutineStarter(this);
        _drain.Set(DrainTypes.NewDrain(new DrainCallback(this, wasWoken: false)));
        _callbacks.Set(DrainTypes.NewCallbacks(Ready));
        _doneCallback.Set(CreateDoneCallback());
        _drainContext.Set(CPython.PyContext_CopyCurrent().OrThrow());
        using PyObject drainWhenWoken = DrainTypes.NewDrain(new DrainCallback(this, wasWoken: true)).ToPyObject();
        _waker = LoopWaker.Create(loop, drainWhenWoken);
        PythonInterpreter.Current.Releases.ThresholdReached += WakeForReleases;
    }

    public override bool IsClosed => _closed;

    public override bool IsCurrentThread =>
        Volatile.Read(ref _runningThread) == Environment.CurrentManagedThreadId || (PythonThread.IsAttached && LoopRegistry.Current.Running(null) == this);

    public override PyObject PythonLoop
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            return IsClosed ? throw new EventLoopClosedException() : PyObject.FromBorrowed(Reference);
        }
    }

    /// <summary>The loop object, while this is not closed. Needs the GIL.</summary>
    internal BorrowedReference Reference => new(_loop);

    internal ILogger Logger => _logger;

    /// <summary>A weak reference of Python's to the loop object, while it is open.</summary>
    internal BorrowedReference WeakReference => _weakLoop.Borrow();

    /// <summary>What C# code that runs on the loop's thread has as its SynchronizationContext.</summary>
    internal LoopSynchronizationContext SynchronizationContext { get; }

    /// <summary>The context of calls that bring nothing along.</summary>
    internal EventLoopContext OwnContext { get; }

    /// <summary>The context of C# code that runs on the loop's thread as work of a lane's.</summary>
    internal EventLoopContext LaneContext { get; }

    /// <summary>Whether anything is asked of the loop that it has not done.</summary>
    internal bool HasRequestsInFlight => !_inbox.IsEmpty || Awaits.Count > 0 || _work.Count > 0;

    /// <summary>From any thread, a moment's truth.</summary>
    internal LoopStatistics Statistics => new(Counters.Items, Counters.WakeUps, Awaits.Count, _work.Count);

    /// <summary>How often a loop was woken, and how many items were done, since the start: for metrics and benchmarks.</summary>
    internal LoopCounters Counters { get; } = new();

    /// <summary>Makes the .NET side of a loop, and has the loop tell when it closes. Needs the GIL.</summary>
    public static PythonEventLoop Bind(BorrowedReference loop, LoopSettings settings)
    {
        var bound = new PythonEventLoop(loop, settings);
        try
        {
            bound.Watch();
            return bound;
        }
        catch
        {
            bound.GiveUp(); // An interrupt: the next call begins anew.
            throw;
        }
    }

    public override void Post(Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        PostOrThrow(new CallbackItem(callback, state));
    }

    public override void Schedule(Action<object?> work, object? state)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!TryPost(new WorkItem(work, state)))
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
        }
    }

    public override void Stop() => Post(static state => ((PythonEventLoop)state!).StopNow(), this);

    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    internal void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new EventLoopClosedException();
        }
    }

    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    internal void PostOrThrow(IInboxItem item)
    {
        if (!TryPost(item))
        {
            throw new EventLoopClosedException();
        }
    }

    /// <summary>From any thread, without the GIL. False when the loop is closed.</summary>
    internal bool TryPost(IInboxItem item)
    {
        PostResult result = _inbox.Post(item);
        if (result == PostResult.QueuedFirst)
        {
            // Also from the loop's own thread: a signal handler of Python's may run while the loop waits, which call_soon would not end.
            Counters.CountWakeUp();
            _waker.Wake();
        }

        return result != PostResult.Closed;
    }

    /// <summary>This loop with the context variables of now. On its thread, with the GIL held.</summary>
    internal EventLoopContext CaptureContext() => CaptureContext(RunningThread.Current);

    /// <inheritdoc cref="CaptureContext()"/>
    internal EventLoopContext CaptureContext(RunningThread thread)
    {
        // Mostly nobody has set any: those that the drain runs in need not be carried. To know it, no copy need be made.
        BorrowedReference here = thread.Context;
        if (!here.IsNull && HasVariablesOfDrain(here))
        {
            return OwnContext;
        }

        NewReference current = CPython.PyContext_CopyCurrent().OrThrow();
        if (here.IsNull && HasVariablesOfDrain(current.Borrow()))
        {
            current.Dispose();
            return OwnContext;
        }

        return _captures.Of(this, current);
    }

    private bool HasVariablesOfDrain(BorrowedReference context) =>
        _tellsContexts && !_drainContext.IsNull && CPython.PyContext_Variables(context) == CPython.PyContext_Variables(_drainContext.Borrow());

    /// <summary><c>loop.stop()</c>, on the loop's thread.</summary>
    internal void StopNow()
    {
        using NewReference result = Reference.CallMethod(PythonInterpreter.Current.Names["stop"]).OrThrow();
    }

    /// <summary>Marks the calling thread as the one that runs the loop, for those who ask without the GIL.</summary>
    internal void EnterRunningThread()
    {
        Volatile.Write(ref _runningThread, Environment.CurrentManagedThreadId);
        EntryFromPython.LoopContext = SynchronizationContext;
    }

    internal void LeaveRunningThread()
    {
        Volatile.Write(ref _runningThread, 0);
        EntryFromPython.LoopContext = null;
    }

    /// <summary>Tells of a failure that nobody awaits: the loop's exception handler and the log.</summary>
    internal void ReportUnobserved(string message, Exception exception)
    {
        _logger.LogError(exception, "{Message}", message);
        if (IsClosed)
        {
            return;
        }

        using AttachScope scope = PythonThread.Attach();
        using NewReference error = ExceptionToPython.Convert(exception);
        LoopExceptionHandler.CallAlreadyLogged(Reference, message, error.Borrow());
    }

    private void WakeForReleases() => TryPost(new CallbackItem(static _ => { }, null));
}
