using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>The .NET side of one Python event loop. Created for the loops of runtimes and, at the first call, for foreign loops; ends when the loop closes.</summary>
/// <remarks>
/// It does not keep the Python loop alive: freeing the loop without closing it ends this object. Each duty has a class: <see cref="Inbox"/>, <see cref="LoopWaker"/>,
/// <see cref="LoopDrainer"/>, <see cref="LoopTurns"/>, <see cref="LoopCompletions"/>, <see cref="PendingAwaits"/>, <see cref="PendingWork"/>,
/// <see cref="LoopWatch"/>, <see cref="LoopVariables"/>, <see cref="LoopCounters"/>. The GIL guards fields without a remark.
/// </remarks>
internal sealed partial class PythonEventLoop : EventLoop
{
    private readonly nint _loop;
    private readonly Inbox _inbox = new();
    private readonly LoopWaker _waker;
    private readonly LoopDrainer _drainer;
    private readonly LoopVariables _variables;
    private readonly LoopWatch _watch = new();
    private int _runningThread;
    private bool _isEnding;

    // Not read from the inbox: every call from Python reads it, while a posting thread owns the inbox's cache line.
    private volatile bool _closed;

    private PythonEventLoop(BorrowedReference loop, LoopSettings settings)
    {
        _loop = loop.Pointer;
        Asyncio = AsyncioObjects.Current;
        Logger = settings.Logger;
        SynchronizationContext = new LoopSynchronizationContext(this, settings.BlockingWaitTimeout);
        OwnContext = new EventLoopContext(this);
        Completions = new LoopCompletions(this);
        _drainer = new LoopDrainer(this, _inbox);
        Awaits = new PendingAwaits(this);
        TaskFactory = new LoopTaskFactory(this);
        _variables = new LoopVariables(this);
        _waker = _drainer.CreateWaker(loop);
        DeferredReleases.Queue.DrainWanted += WakeForReleases;
        DeferredReleases.Queue.UrgentDrainWanted += WakeIfRunning;
    }

    public override bool IsClosed => _closed;

    public override bool IsCurrentThread =>
        Volatile.Read(ref _runningThread) == Environment.CurrentManagedThreadId || (PythonThread.IsAttached && LoopRegistry.Current.Running(null) == this);

    public override PyObject GetPythonLoop()
    {
        using AttachScope scope = PythonThread.Attach();
        return IsClosed ? throw new EventLoopClosedException() : PyObject.FromBorrowed(Reference);
    }

    /// <summary>Gets the loop object, while this is not closed. Needs the GIL.</summary>
    internal BorrowedReference Reference => new(_loop);

    internal ILogger Logger { get; }

    /// <summary>Gets the objects of asyncio that the bridge uses.</summary>
    internal AsyncioObjects Asyncio { get; }

    /// <summary>Gets a weak reference to the loop object, while it is open.</summary>
    internal BorrowedReference WeakReference => _watch.WeakReference;

    /// <summary>Gets the SynchronizationContext of C# code that runs on the loop's thread.</summary>
    internal LoopSynchronizationContext SynchronizationContext { get; }

    /// <summary>Gets the context of calls without a given context.</summary>
    internal EventLoopContext OwnContext { get; }

    /// <summary>Gets the awaits of .NET on this loop.</summary>
    internal PendingAwaits Awaits { get; }

    /// <summary>Gets the access to the loop's task factory.</summary>
    internal LoopTaskFactory TaskFactory { get; }

    /// <summary>Gets the .NET work that Python awaits on this loop.</summary>
    internal PendingWork Work { get; } = new();

    /// <summary>Gets the object that passes outcomes of requests from the loop's thread to other threads.</summary>
    internal LoopCompletions Completions { get; }

    /// <summary>Gets the callbacks that drains have made ready to run, in the loop's order.</summary>
    internal ReadyCallbacks Ready => _drainer.Ready;

    /// <summary>True if asyncio's debug mode is on. A change takes effect in the next turn.</summary>
    internal bool IsInDebugMode => _drainer.IsInDebugMode;

    /// <summary>Called when a drain begins, before it handles items. On the loop's thread, with the GIL held. Subscribers do not throw.</summary>
    internal event Action? DrainBegins;

    /// <summary>True if a drain is scheduled, which flushes the completions.</summary>
    internal bool IsDrainScheduled => _drainer.Ready.IsDrainScheduled;

    /// <summary>Gets or sets the runtime that owns this loop; null for a foreign loop, which Python code runs.</summary>
    internal IRuntime? Owner { get; set; }

    /// <summary>Gets or sets the callback for an <c>Environment.Exit</c> of C# code on the loop's thread, which never returns. Null for a foreign loop.</summary>
    internal Action? ExitOnThread { get; set; }

    /// <summary>Gets or sets the token of the main work that the loop runs for; none if there is no such work.</summary>
    internal CancellationToken MainToken { get; set; }

    /// <summary>Gets or sets the exception with which requests that have not begun end. Set while the loop's runtime ends the loop: only completions run then.</summary>
    internal Exception? EndReason { get; set; }

    /// <summary>Gets or sets a value that indicates whether the loop's runtime has begun to end: its tokens fire, while the loop still runs. From any thread.</summary>
    internal bool IsEnding { get => Volatile.Read(ref _isEnding); set => Volatile.Write(ref _isEnding, value); }

    /// <summary>Gets or sets the item that runs now; null for none.</summary>
    internal IInboxItem? RunningItem { get; set; }

    /// <summary>Gets or sets the request that is being started without having gone through the inbox; null for none.</summary>
    internal ICompletion? StartingNow { get; set; }

    /// <summary>True if code on the loop's thread may start a request at once: nothing was posted before it, and no request is being started.</summary>
    internal bool MayStartNow => StartingNow is null && EndReason is null && _inbox.IsEmpty && !Ready.HasItems;

    /// <summary>True if the loop has requests that it has not completed. On the loop's thread.</summary>
    internal bool HasRequestsInFlight => _inbox.HasAwaitedItems || Ready.HasItems || Awaits.Count > 0 || Work.Count > 0;

    /// <summary>Gets the loop's counts. From any thread; a momentary value.</summary>
    internal LoopStatistics Statistics => new(Counters.Items, Counters.WakeUps, Awaits.Count, Work.Count);

    /// <summary>Gets the number of wake-ups and items since the start: for metrics and benchmarks.</summary>
    internal LoopCounters Counters { get; } = new();

    /// <summary>Creates the .NET side of a loop, and watches for the loop's end. Needs the GIL.</summary>
    public static PythonEventLoop Bind(BorrowedReference loop, LoopSettings settings)
    {
        var bound = new PythonEventLoop(loop, settings);
        try
        {
            LoopRegistry.Current.Add(bound);
            bound._watch.Begin(loop, bound.GiveUp, bound.OnFreed);
            return bound;
        }
        catch
        {
            bound.GiveUp(); // After an interrupt the next call binds the loop again.
            throw;
        }
    }

    public override void Post(Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        PostOrThrow(new PostedCallback(callback, state));
    }

    public override void Schedule(Action<object?> work, object? state)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!TryPost(new PostedWork(work, state)))
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

    /// <inheritdoc cref="TryPost(IInboxItem)"/>
    internal bool TryPost(Action callback) => TryPost(new PostedCallback(static callback => ((Action)callback!)(), callback));

    /// <summary>Posts an item, and wakes the loop if the inbox was idle. From any thread, without the GIL.</summary>
    /// <returns>False if the loop is closed.</returns>
    internal bool TryPost(IInboxItem item)
    {
        PostResult result = _inbox.Post(item);
        if (result == PostResult.QueuedFirst)
        {
            // Needed on the loop's own thread too: a Python signal handler may run while the loop waits, and call_soon would not end that wait.
            Counters.CountWakeUp();
            _waker.Wake();
        }

        return result != PostResult.Closed;
    }

    /// <summary>Calls the subscribers of <see cref="DrainBegins"/>.</summary>
    internal void BeginDrain() => DrainBegins?.Invoke();

    /// <inheritdoc cref="LoopDrainer.ScheduleSoon"/>
    internal void ScheduleDrain() => _drainer.ScheduleSoon();

    /// <summary>
    /// Keeps the current error, if a signal handler raised it in a call that cannot report it, until the end of the next drain raises it. Called in a
    /// drain, or in a callback of the loop.
    /// </summary>
    /// <returns>False if the error is the call's own: it is still the current error.</returns>
    internal bool TryKeepInterrupt()
    {
        if (!_drainer.Interrupts.TryKeep())
        {
            return false;
        }

        ScheduleDrain();
        return true;
    }

    /// <summary>Gets this loop with the current context variables. On the loop's thread, with the GIL held.</summary>
    internal EventLoopContext CaptureContext() => _variables.Capture(RunningThread.Current);

    /// <summary>As <see cref="CaptureContext()"/>.</summary>
    internal EventLoopContext CaptureContext(RunningThread thread) => _variables.Capture(thread);

    /// <inheritdoc cref="LoopVariables.NewDrainContext"/>
    internal NewReference NewDrainContext() => _variables.NewDrainContext();

    /// <summary><c>loop.stop()</c>, on the loop's thread.</summary>
    internal void StopNow()
    {
        using NewReference result = Reference.CallMethod(WellKnownNames.Current["stop"]).OrThrow();
    }

    /// <summary>Marks the calling thread as the one that runs the loop, for code that checks without the GIL.</summary>
    internal void EnterRunningThread()
    {
        Volatile.Write(ref _runningThread, Environment.CurrentManagedThreadId);
        EntryFromPython.LoopContext = SynchronizationContext;
    }

    internal void LeaveRunningThread()
    {
        Completions.Flush(); // A stopped loop runs no drain, which would flush.
        Volatile.Write(ref _runningThread, 0);
        EntryFromPython.LoopContext = null;
    }

    /// <summary>Reports a failure that no code awaits to the loop's exception handler and the log.</summary>
    internal void ReportUnobserved(string message, Exception exception)
    {
        Logger.LogError(exception, "{Message}", message);
        if (IsClosed)
        {
            return;
        }

        using AttachScope scope = PythonThread.Attach();
        using NewReference error = ExceptionToPython.Convert(exception);
        LoopExceptionHandler.Call(Reference, message, error.Borrow(), isLogged: true);
    }

    private void WakeForReleases() => TryPost(new WakeUpItem());

    /// <summary>Wakes a loop of a runtime that runs. One that is only created would not drain, and of a foreign one it is not known.</summary>
    private bool WakeIfRunning() => Volatile.Read(ref _runningThread) != 0 && TryPost(new WakeUpItem());
}
