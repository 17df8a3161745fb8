using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>Finds the loop of a call through a runtime. A runtime's calls never land on another runtime's loop.</summary>
/// <param name="runtime">The runtime, which records the calls.</param>
/// <param name="settings">The settings of a loop that the runtime is the first to use.</param>
/// <param name="isOfModule">
/// True for the runtime of a Python module: it uses the loops that Python runs. Only <c>RunUntilComplete</c> itself uses the loop that it creates.
/// </param>
internal sealed class LoopChoice(IRuntime runtime, LoopSettings settings, bool isOfModule)
{
    private EventLoopContext? _ownContext;
    private bool _isLoopless;

    /// <summary>True if calls use the runtime's own loop.</summary>
    public bool HasOwnLoop => _ownContext is not null && !isOfModule;

    /// <summary>Gets the runtime's own loop; null before it was opened.</summary>
    public PythonEventLoop? OwnLoop => (PythonEventLoop?)_ownContext?.Loop;

    /// <summary>Called with the runtime's own loop, when it was opened.</summary>
    public void Own(PythonEventLoop loop)
    {
        _ownContext = loop.OwnContext;
        CountLoopless(isOfModule && _isLoopless);
    }

    /// <summary>Counts the runtime among those that have no loop, for which plain functions record the loop that runs where Python calls them.</summary>
    public void CountLoopless(bool isLoopless) => PlainEntries.SetUser(ref _isLoopless, isLoopless);

    /// <summary>Records the loop that runs on this thread for the code of a call through this runtime, or that none runs.</summary>
    /// <returns>The context of the call; null if no loop runs here.</returns>
    public EventLoopContext? RecordEntry(ExecutionContext? flow)
    {
        RunningThread thread = RunningThread.Current;
        if (LoopRegistry.Current.Running(thread, settings) is { } loop)
        {
            EventLoopContext here = loop.CaptureContext(thread).RecordedBy(runtime);
            EntryFromPython.CurrentFlow = here.Enter(flow);
            return here;
        }

        if (EventLoopContext.Current is not null)
        {
            EntryFromPython.CurrentFlow = EventLoopContext.EnterNone();
        }

        return null;
    }

    public EventLoop GetCurrentLoop(EventLoopContext? given) => ThrowIfClosed(Resolve(given)).Loop;

    public EventLoopContext CaptureContext(EventLoopContext? given)
    {
        EventLoopContext current = ThrowIfClosed(Resolve(given));
        return new EventLoopContext(current.Loop, current.ContextVariables, given?.ExecutionContext ?? ExecutionContext.Capture());
    }

    private static EventLoopContext ThrowIfClosed(EventLoopContext context) =>
        context.Loop.IsClosed ? throw new EventLoopClosedException() : context;

    /// <summary>Finds the context of a call: the given one, else the one that <see cref="Find"/> returns.</summary>
    public EventLoopContext Resolve(EventLoopContext? given)
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

        if (isCalled && (current is null || LoopRegistry.Current.Running(settings) is not null))
        {
            return loop.CaptureContext();
        }

        return OnOrOffLoop(current is null ? loop.OwnContext : current.Loop == loop ? current : current.MovedTo(loop.OwnContext));
    }

    /// <summary>Gets the open foreign loop on which Python called C# through this runtime; null if there is none.</summary>
    private PythonEventLoop? RecordedForeignLoop(EventLoopContext? current) =>
        current is not null && current.Recorder == runtime && current.Loop is PythonEventLoop { Owner: null, IsClosed: false } foreign ? foreign : null;

    /// <summary>Finds the loop of code that calls a runtime without its own loop.</summary>
    private PythonEventLoop? LoopOfCaller(EventLoopContext? current, bool isCalled)
    {
        if (isCalled)
        {
            // The loop that runs here is the one to record for the call; no loop is recorded if none runs.
            return LoopRegistry.Current.Running(settings);
        }

        return current is { Loop: PythonEventLoop { IsClosed: false } recorded } ? recorded : RunningHere();
    }

    /// <summary>Gets the loop on whose thread the calling code is a lane's work.</summary>
    private static PythonEventLoop? LoopOfLane => EntryFromPython.IsOnLane ? LoopSynchronizationContext.OfThread?.Loop : null;

    private PythonEventLoop? RunningHere() =>
        LoopOfLane is { } lane ? lane
            : PythonThread.IsAttached ? LoopRegistry.Current.Running(settings)
            : null;

    private static InvalidOperationException NoLoop(EventLoopContext? current) => current is { Loop.IsClosed: true }
        ? new EventLoopClosedException("The event loop that the calling code belongs to is closed, and no other loop runs on this thread. Await the call before the loop ends, start the runtime (StartAsync, a host), or pass an EventLoopContext.")
        : new NoRunningLoopException("There is no event loop to use: start the runtime first (a host's start, StartAsync, RunUntilComplete), call from code that Python runs in a loop, or pass an EventLoopContext.");

    /// <summary>Makes the call's Task complete on the loop's thread if the calling code is a lane's work there, and elsewhere if it is not.</summary>
    private static EventLoopContext OnOrOffLoop(EventLoopContext context) =>
        LoopOfLane == context.Loop ? context.OnLoop() : context.OffLoop();

    /// <summary>
    /// Finds the loop for a call from Python, the loop that runs there, and as <see cref="Resolve"/> for all other code. Returns the context that the work is recorded with.
    /// </summary>
    public EventLoopContext RecordedForPython(EventLoopContext? given) =>
        IsCalledWithout(given) ? RunningLoop().CaptureContext().RecordedBy(runtime)
            : given is null ? ToRecord()
            : Resolve(given);

    /// <summary>Finds the loop as <see cref="RecordedForPython"/> does, for callers that need only the loop.</summary>
    public PythonEventLoop ResolveLoopForPython(EventLoopContext? given) =>
        IsCalledWithout(given) ? RunningLoop() : (PythonEventLoop)Resolve(given).Loop;

    private static bool IsCalledWithout(EventLoopContext? given) =>
        given is null && EventLoopContext.IsInCallFromPython(EventLoopContext.Current) && PythonThread.IsAttached;

    private PythonEventLoop RunningLoop() => LoopRegistry.Current.Running(settings) ?? throw new NoRunningLoopException();

    /// <summary>Gets the context as <see cref="ToRecord()"/> does; null if there is no loop.</summary>
    public EventLoopContext? ToRecordIfAny() => ToRecordOf(TryFind(EventLoopContext.Current));

    /// <summary>Gets the context that spawned work runs in: recorded for this runtime, unless user code supplied it.</summary>
    private EventLoopContext ToRecord() => ToRecordOf(Find())!;

    /// <summary>Gets the context that spawned work runs in: the given one, which applies to every runtime that the work calls; else as <see cref="ToRecord()"/>.</summary>
    public EventLoopContext ToRecord(EventLoopContext? given) => given is null ? ToRecord() : ThrowIfClosed(given).AsGiven().OffLoop();

    private EventLoopContext? ToRecordOf(EventLoopContext? context)
    {
        if (context?.OffLoop() is not { } found)
        {
            return null;
        }

        return EventLoopContext.Current is { Recorder: null } given && given.Loop == found.Loop ? found : found.RecordedBy(runtime);
    }
}
