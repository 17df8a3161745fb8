using PyAsync.Interop;

namespace PyAsync;

// Records for which runtime a context was made, and finds out whether the calling code belongs to the call from Python on this thread.
public sealed partial class EventLoopContext
{
    /// <summary>Identifies contexts that no runtime recorded: those of a plain <see cref="PyFunction"/>.</summary>
    internal static readonly object PlainRecorder = new();

    /// <summary>
    /// Gets the runtime that recorded this context: Python called C# through the runtime, or the runtime spawned the running work. Null for a context
    /// that user code supplied (<see cref="Run(Action)"/>), which applies to every runtime.
    /// </summary>
    internal object? Recorder { get; }

    /// <summary>Gets this context with a runtime as its recorder.</summary>
    internal EventLoopContext RecordedBy(object recorder)
    {
        if (Recorder == recorder)
        {
            return this;
        }

        // Usually one runtime uses a loop: one context serves all its calls. A race only makes one more.
        return _recorded is { } recorded && recorded.Recorder == recorder
            ? recorded
            : _recorded = new EventLoopContext(Loop, ContextVariables, ExecutionContext, CompletionRoute, recorder);
    }

    /// <summary>Gets the context of a call to another loop. The context variables are kept.</summary>
    /// <param name="own">The other loop's context for calls without context variables.</param>
    internal EventLoopContext MovedTo(EventLoopContext own)
    {
        if (ContextVariables is null)
        {
            return own;
        }

        return _moved is { } moved && moved.Loop == own.Loop ? moved : _moved = new EventLoopContext(own.Loop, ContextVariables, null);
    }

    /// <summary>Detaches the code that follows from every loop.</summary>
    /// <returns>The ExecutionContext that is current from here on; null if its flow is suppressed.</returns>
    internal static ExecutionContext? EnterNone()
    {
        s_current.Value = null;
        return ExecutionContext.Capture();
    }

    /// <summary>
    /// True if the calling code belongs to the call from Python that is innermost on this thread. False outside such a call, and in a continuation of another flow
    /// that runs inline within it, as <see cref="TaskCompletionSource.SetResult"/> may do.
    /// </summary>
    /// <param name="current">The value of <see cref="Current"/>.</param>
    internal static bool IsInCallFromPython(EventLoopContext? current)
    {
        if (!EntryFromPython.IsActive || EntryFromPython.IsOnLane)
        {
            return false;
        }

        ExecutionContext? flow = EntryFromPython.CurrentFlow;
        return ExecutionContext.Capture() == flow || (flow is not null && In(flow) == current);
    }

    // Only where code has changed an AsyncLocal, or belongs to another flow.
    private static EventLoopContext? In(ExecutionContext flow)
    {
        EventLoopContext? found = null;
        ExecutionContext.Run(flow, _ => found = s_current.Value, null);
        return found;
    }

    /// <summary>Gets this context as one that user code supplied: it applies to every runtime.</summary>
    internal EventLoopContext AsGiven() =>
        Recorder is null ? this : new EventLoopContext(Loop, ContextVariables, ExecutionContext, CompletionRoute);
}
