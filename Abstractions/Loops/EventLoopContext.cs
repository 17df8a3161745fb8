using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Holds what a call into Python needs: the event loop, Python's context variables, .NET's ExecutionContext. Work that Python starts runs in the
/// context that is current at its start. Capture a context (<see cref="IRuntime.CaptureContext"/>) to use it elsewhere.
/// </summary>
/// <remarks>Immutable and safe to share. Each call runs in its own copy of the context variables, so that changes stay inside it.</remarks>
public sealed partial class EventLoopContext
{
    private static readonly AsyncLocal<EventLoopContext?> s_current = new();

    // The results of entering from the flow that entered first, and from the one that entered last.
    private ExecutionContext? _entered;
    private WeakReference<Entry>? _lastEntry;
    private EventLoopContext? _onLoop;
    private EventLoopContext? _offLoop;
    private EventLoopContext? _recorded;
    private EventLoopContext? _moved;

    // A burst of calls usually comes from one flow: one context serves them all. The reference is weak, so that it does not keep alive the AsyncLocals
    // of an old request.
    private WeakReference<EventLoopContext>? _lastWithCallers;

    /// <summary>Creates a context with a loop only.</summary>
    /// <param name="loop">The loop for the calls.</param>
    public EventLoopContext(EventLoop loop)
        : this(loop, null, null)
    {
    }

    internal EventLoopContext(
        EventLoop loop, PyObject? contextVariables, ExecutionContext? executionContext, CompletionRoute? completionRoute = null, object? recorder = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Loop = loop;
        ContextVariables = contextVariables;
        ExecutionContext = executionContext;
        CompletionRoute = completionRoute;
        Recorder = recorder;
    }

    /// <summary>Gets the context that the running code belongs to; null if there is none. It flows with the code, through awaits, Task.Run and timers.</summary>
    public static EventLoopContext? Current => s_current.Value;

    /// <summary>Gets the loop that calls run on.</summary>
    public EventLoop Loop { get; }

    /// <summary>Gets the <c>contextvars.Context</c> that calls start from; null for the loop's own.</summary>
    public PyObject? ContextVariables { get; }

    /// <summary>Gets the ExecutionContext of C# code that these calls lead back to; null for the caller's at each call.</summary>
    public ExecutionContext? ExecutionContext { get; }

    /// <summary>
    /// Gets where the Tasks of calls are completed: null for the thread pool, <see cref="PyAsync.Loops.CompletionRoute.OnLoop"/>, or a queue of the bridge
    /// for code on a lane, whose continuations run there.
    /// </summary>
    internal CompletionRoute? CompletionRoute { get; }

    /// <summary>True if the Tasks of calls are completed on the loop's own thread: for code that runs there (<see cref="LaneAffinity.Loop"/>).</summary>
    internal bool CompletesOnLoop => CompletionRoute == CompletionRoute.OnLoop;

    /// <summary>Gets this context with other context variables.</summary>
    /// <param name="contextVariables">A <c>contextvars.Context</c>. It is not copied: dispose it only after the last call has ended.</param>
    public EventLoopContext WithContextVariables(PyObject? contextVariables) => new(Loop, contextVariables, ExecutionContext, CompletionRoute, Recorder);

    /// <summary>Gets this context with the ExecutionContext of a caller.</summary>
    internal EventLoopContext WithCallers(ExecutionContext callers)
    {
        if (_lastWithCallers is { } kept && kept.TryGetTarget(out EventLoopContext? last) && last.ExecutionContext == callers)
        {
            return last;
        }

        var made = new EventLoopContext(Loop, ContextVariables, callers, CompletionRoute, Recorder);
        Keep(ref _lastWithCallers, made);
        return made;
    }

    /// <summary>Gets this context for code that runs on the loop's own thread.</summary>
    internal EventLoopContext OnLoop() => _onLoop ??= WithRoute(CompletionRoute.OnLoop);

    /// <summary>Gets this context for code that has left the loop's own thread: its Tasks are completed where it runs.</summary>
    internal EventLoopContext OffLoop() => CompletesOnLoop ? _offLoop ??= WithRoute(null) : this;

    internal EventLoopContext WithRoute(CompletionRoute? route) => CompletionRoute == route ? this : new(Loop, ContextVariables, ExecutionContext, route, Recorder);

    /// <summary>Runs code in this context. Its calls, and those of all code that it starts, use this loop unless they name another context.</summary>
    public T Run<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        EventLoopContext? before = s_current.Value;
        s_current.Value = AsGiven();
        try
        {
            return code();
        }
        finally
        {
            s_current.Value = before;
        }
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action code)
    {
        ArgumentNullException.ThrowIfNull(code);
        Run(() =>
        {
            code();
            return true;
        });
    }

    /// <summary>Gets the caller's ExecutionContext with this as the current context; null if its flow is suppressed.</summary>
    internal ExecutionContext? EnteredFromHere()
    {
        ExecutionContext? before = ExecutionContext.Capture();
        if (before is null || s_current.Value == this)
        {
            return before;
        }

        Enter();
        ExecutionContext? entered = ExecutionContext.Capture();
        ExecutionContext.Restore(before);
        return entered;
    }

    /// <summary>Makes this the current context of the code that follows: for the start of an asynchronous flow.</summary>
    internal void Enter() => Enter(ExecutionContext.Capture());

    /// <inheritdoc cref="Enter()"/>
    /// <param name="from">The current ExecutionContext; null if its flow is suppressed.</param>
    /// <returns>The ExecutionContext that is current from here on; null if its flow is suppressed.</returns>
    internal ExecutionContext? Enter(ExecutionContext? from)
    {
        // The flow carries nothing else, as in most calls that Python starts: one context serves them all.
        if (ExecutionContextCarrier.IsWorthCarrying(from))
        {
            return EnterFrom(from!);
        }

        if (_entered is not null)
        {
            ExecutionContext.Restore(_entered);
            return _entered;
        }

        s_current.Value = this;
        return _entered = ExecutionContext.Capture();
    }

    /// <summary>Enters from a flow that carries more, as flows of consecutive calls do. One context serves these too, but is referenced weakly.</summary>
    private ExecutionContext? EnterFrom(ExecutionContext from)
    {
        if (_lastEntry is { } kept && kept.TryGetTarget(out Entry? last) && last.From == from)
        {
            ExecutionContext.Restore(last.To);
            return last.To;
        }

        s_current.Value = this;
        if (ExecutionContext.Capture() is not { } to)
        {
            return null;
        }

        Keep(ref _lastEntry, new Entry(from, to));
        return to;
    }

    /// <summary>Stores a weak reference. If several threads do so concurrently, one of them wins.</summary>
    private static void Keep<T>(ref WeakReference<T>? field, T target)
        where T : class
    {
        if (Volatile.Read(ref field) is { } existing)
        {
            existing.SetTarget(target);
        }
        else
        {
            Volatile.Write(ref field, new WeakReference<T>(target));
        }
    }

    private sealed record Entry(ExecutionContext From, ExecutionContext To);
}
