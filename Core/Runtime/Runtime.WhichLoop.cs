using PyAsync.Interop;

namespace PyAsync;

// Finds the loop of a call. A runtime's calls never land on another runtime's loop.
internal sealed partial class Runtime
{
    /// <summary>True for the runtime of a Python module: it uses the loops that Python runs. Only <c>RunUntilComplete</c> itself uses the loop that it creates.</summary>
    internal bool IsOfModule { get; init; }

    private bool HasOwnLoop => _ownContext is not null && !IsOfModule;

    public IRuntime In(EventLoopContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Loop is PythonEventLoop
            ? new RuntimeInContext(this, context)
            : throw new ArgumentException($"The context's loop is a {context.Loop.GetType().Name}; a loop that a runtime gave (GetCurrentLoop, CaptureContext) is needed.", nameof(context));
    }

    public EventLoop GetCurrentLoop() => GetCurrentLoop(null);

    public EventLoopContext CaptureContext() => CaptureContext(null);

    internal EventLoop GetCurrentLoop(EventLoopContext? given) => ThrowIfClosed(Resolve(given)).Loop;

    internal EventLoopContext CaptureContext(EventLoopContext? given)
    {
        EventLoopContext current = ThrowIfClosed(Resolve(given));
        return new EventLoopContext(current.Loop, current.ContextVariables, given?.ExecutionContext ?? ExecutionContext.Capture());
    }

    private static EventLoopContext ThrowIfClosed(EventLoopContext context) =>
        context.Loop.IsClosed ? throw new EventLoopClosedException() : context;

    /// <summary>Finds the context of a call: the given one, else the one that <see cref="Find"/> returns.</summary>
    private EventLoopContext Resolve(EventLoopContext? given)
    {
        if (given is not null)
        {
            return given;
        }

        EventLoopContext found = Find();
        return SynchronizationContext.Current is LaneSynchronizationContext lane ? lane.Route(found) : found;
    }

    /// <summary>Finds the loop for a call without a given context, and the context variables of the calling code.</summary>
    private EventLoopContext Find()
    {
        EventLoopContext? current = EventLoopContext.Current;
        return TryFind(current) ?? throw NoLoop(current);
    }

    /// <summary>Finds the loop as <see cref="Find"/> does; returns null if there is none.</summary>
    private EventLoopContext? TryFind(EventLoopContext? current)
    {
        bool isCalled = EventLoopContext.IsInCallFromPython(current) && PythonThread.IsAttached;
        if (current is { Recorder: null } && (HasOwnLoop || !isCalled))
        {
            return OnOrOffLoop(current); // The context was set by EventLoopContext.Run.
        }

        PythonEventLoop? loop = HasOwnLoop
            ? RecordedForeignLoop(current) ?? (PythonEventLoop)_ownContext!.Loop
            : LoopOfCaller(current, isCalled);
        if (loop is null)
        {
            return null;
        }

        if (isCalled && (current is null || LoopRegistry.Current.Running(_loopSettings) is not null))
        {
            return loop.CaptureContext();
        }

        return OnOrOffLoop(current is null ? loop.OwnContext : current.Loop == loop ? current : current.MovedTo(loop.OwnContext));
    }

    /// <summary>Gets the open foreign loop on which Python called C# through this runtime; null if there is none.</summary>
    private PythonEventLoop? RecordedForeignLoop(EventLoopContext? current) =>
        current is not null && current.Recorder == this && current.Loop is PythonEventLoop { Owner: null, IsClosed: false } foreign ? foreign : null;

    /// <summary>Finds the loop of code that calls a runtime without its own loop.</summary>
    private PythonEventLoop? LoopOfCaller(EventLoopContext? current, bool isCalled)
    {
        if (isCalled)
        {
            // The loop that runs here is the one to record for the call; no loop is recorded if none runs.
            return LoopRegistry.Current.Running(_loopSettings);
        }

        return current is { Loop: PythonEventLoop { IsClosed: false } recorded } ? recorded : RunningHere();
    }

    private PythonEventLoop? RunningHere() =>
        EntryFromPython.Lane is EventLoopContext lane ? (PythonEventLoop)lane.Loop
            : PythonThread.IsAttached ? LoopRegistry.Current.Running(_loopSettings)
            : null;

    private static InvalidOperationException NoLoop(EventLoopContext? current) => current is { Loop.IsClosed: true }
        ? new EventLoopClosedException("The event loop that the calling code belongs to is closed, and no other loop runs on this thread. Await the call before the loop ends, start the runtime (StartAsync, a host), or pass an EventLoopContext.")
        : new NoRunningLoopException("There is no event loop to use: start the runtime first (a host's start, StartAsync, RunUntilComplete), call from code that Python runs in a loop, or pass an EventLoopContext.");

    /// <summary>Makes the call's Task complete on the loop's thread if the calling code is a lane's work there, and elsewhere if it is not.</summary>
    private static EventLoopContext OnOrOffLoop(EventLoopContext context) =>
        EntryFromPython.Lane is EventLoopContext lane && lane.Loop == context.Loop ? context.OnLoop() : context.OffLoop();

    /// <summary>Finds the loop for a call from Python: the loop that runs there. Works as <see cref="Resolve"/> for all other code.</summary>
    private EventLoopContext ResolveForPython(EventLoopContext? given) =>
        IsCalledWithout(given) ? RunningLoop().CaptureContext() : Resolve(given);

    /// <summary>Finds the loop as <see cref="ResolveForPython"/> does, and returns the context that the work is recorded with.</summary>
    private EventLoopContext RecordedForPython(EventLoopContext? given) =>
        IsCalledWithout(given) ? RunningLoop().CaptureContext().RecordedBy(this)
            : given is null ? ToRecord()
            : Resolve(given);

    /// <summary>Finds the loop as <see cref="ResolveForPython"/> does, for callers that need only the loop.</summary>
    private PythonEventLoop ResolveLoopForPython(EventLoopContext? given) =>
        IsCalledWithout(given) ? RunningLoop() : (PythonEventLoop)Resolve(given).Loop;

    private static bool IsCalledWithout(EventLoopContext? given) =>
        given is null && EventLoopContext.IsInCallFromPython(EventLoopContext.Current) && PythonThread.IsAttached;

    private PythonEventLoop RunningLoop() => LoopRegistry.Current.Running(_loopSettings) ?? throw new NoRunningLoopException();

    /// <summary>Gets the context as <see cref="ToRecord()"/> does; null if there is no loop.</summary>
    private EventLoopContext? ToRecordIfAny() => ToRecordOf(TryFind(EventLoopContext.Current));

    /// <summary>Gets the context that spawned work runs in: recorded for this runtime, unless user code supplied it.</summary>
    private EventLoopContext ToRecord() => ToRecordOf(Find())!;

    /// <summary>Gets the context that spawned work runs in: the given one, which applies to every runtime that the work calls; else as <see cref="ToRecord()"/>.</summary>
    private EventLoopContext ToRecord(EventLoopContext? given) => given is null ? ToRecord() : ThrowIfClosed(given).AsGiven().OffLoop();

    private EventLoopContext? ToRecordOf(EventLoopContext? context)
    {
        if (context?.OffLoop() is not { } found)
        {
            return null;
        }

        return EventLoopContext.Current is { Recorder: null } given && given.Loop == found.Loop ? found : found.RecordedBy(this);
    }
}
