using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Where calls into Python land, and with what around them: the event loop, Python's context variables, .NET's
/// ExecutionContext. Work that Python starts runs in the context of that moment; keep one (<see cref="IRuntime.CaptureContext"/>) to
/// use it from elsewhere.
/// </summary>
/// <remarks>Immutable and safe to share. Each call runs in its own copy of the context variables, so that changes stay inside it.</remarks>
public sealed class EventLoopContext
{
    private static readonly AsyncLocal<EventLoopContext?> s_current = new();

    /// <summary>The <see cref="CompletionRoute"/> that is the loop's own thread.</summary>
    internal static readonly object OnLoopRoute = new();

    // What entering has made of the flow that entered first, and of the one that did last.
    private ExecutionContext? _entered;
    private WeakReference<Entry>? _lastEntry;
    private EventLoopContext? _onLoop;
    private EventLoopContext? _offLoop;

    // A burst of calls mostly comes from one flow: one context serves them all. Weak, since it is no business of this one's to keep alive
    // what a request of long ago had in its AsyncLocals.
    private WeakReference<EventLoopContext>? _lastWithCallers;

    /// <summary>A context of a loop alone.</summary>
    /// <param name="loop">The loop that calls are to land on.</param>
    public EventLoopContext(EventLoop loop)
        : this(loop, null, null)
    {
    }

    internal EventLoopContext(EventLoop loop, PyObject? contextVariables, ExecutionContext? executionContext, object? completionRoute = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Loop = loop;
        ContextVariables = contextVariables;
        ExecutionContext = executionContext;
        CompletionRoute = completionRoute;
    }

    /// <summary>The context that the running code belongs to; null if none. It flows with the code, through awaits, Task.Run and timers.</summary>
    public static EventLoopContext? Current => s_current.Value;

    /// <summary>The loop that calls land on.</summary>
    public EventLoop Loop { get; }

    /// <summary>The <c>contextvars.Context</c> that calls start from; null for the loop's own.</summary>
    public PyObject? ContextVariables { get; }

    /// <summary>The ExecutionContext that C# code sees which those calls lead back to; null for the caller's at each call.</summary>
    public ExecutionContext? ExecutionContext { get; }

    /// <summary>
    /// Where the Tasks of calls are completed: null for the thread pool, <see cref="OnLoopRoute"/>, or a queue of the bridge's for code on a
    /// lane, whose continuations belong there.
    /// </summary>
    internal object? CompletionRoute { get; }

    /// <summary>Whether the Tasks of calls are completed on the loop's own thread: for code that runs there (<see cref="LaneAffinity.Loop"/>).</summary>
    internal bool CompletesOnLoop => CompletionRoute == OnLoopRoute;

    /// <summary>The same with other context variables.</summary>
    /// <param name="contextVariables">A <c>contextvars.Context</c>; it is kept, not copied, so dispose it only when all is done.</param>
    public EventLoopContext WithContextVariables(PyObject? contextVariables) => new(Loop, contextVariables, ExecutionContext, CompletionRoute);

    /// <summary>The same with the ExecutionContext of a caller.</summary>
    internal EventLoopContext WithCallers(ExecutionContext callers)
    {
        if (_lastWithCallers is { } kept && kept.TryGetTarget(out EventLoopContext? last) && last.ExecutionContext == callers)
        {
            return last;
        }

        var made = new EventLoopContext(Loop, ContextVariables, callers, CompletionRoute);
        Keep(ref _lastWithCallers, made);
        return made;
    }

    /// <summary>The same for code that runs on the loop's own thread.</summary>
    internal EventLoopContext OnLoop() => _onLoop ??= WithRoute(OnLoopRoute);

    /// <summary>The same for code that has left the loop's own thread: its Tasks are completed where it runs.</summary>
    internal EventLoopContext OffLoop() => CompletesOnLoop ? _offLoop ??= WithRoute(null) : this;

    internal EventLoopContext WithRoute(object? route) => CompletionRoute == route ? this : new(Loop, ContextVariables, ExecutionContext, route);

    /// <summary>Runs code in this context: its calls, and those of all that it starts, land here unless they say otherwise.</summary>
    public T Run<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        EventLoopContext? before = s_current.Value;
        s_current.Value = this;
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

    /// <summary>The caller's ExecutionContext with this as the current context; null if its flow is suppressed.</summary>
    internal ExecutionContext? EnteredFromHere()
    {
        ExecutionContext? before = ExecutionContext.Capture();
        if (before is null)
        {
            return null;
        }

        Enter();
        ExecutionContext? entered = ExecutionContext.Capture();
        ExecutionContext.Restore(before);
        return entered;
    }

    /// <summary>Makes this the current context of the code that goes on from here: for the start of an asynchronous flow.</summary>
    internal void Enter() => Enter(ExecutionContext.Capture());

    /// <inheritdoc cref="Enter()"/>
    /// <param name="from">The ExecutionContext of now; null if its flow is suppressed.</param>
    internal void Enter(ExecutionContext? from)
    {
        // A flow that carries nothing else, which most calls of Python's start: one context serves them all.
        if (ExecutionContextCarrier.IsWorthCarrying(from))
        {
            EnterFrom(from!);
        }
        else if (_entered is not null)
        {
            ExecutionContext.Restore(_entered);
        }
        else
        {
            s_current.Value = this;
            _entered = ExecutionContext.Capture();
        }
    }

    /// <summary>From a flow that carries more, as those of calls that follow each other do: one context serves these, too, but is kept weakly.</summary>
    private void EnterFrom(ExecutionContext from)
    {
        if (_lastEntry is { } kept && kept.TryGetTarget(out Entry? last) && last.From == from)
        {
            ExecutionContext.Restore(last.To);
            return;
        }

        s_current.Value = this;
        if (ExecutionContext.Capture() is { } to)
        {
            Keep(ref _lastEntry, new Entry(from, to));
        }
    }

    /// <summary>Several threads may do this at a time: one of them wins.</summary>
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
