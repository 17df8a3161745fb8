using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// The time in which Python runs C# code on this thread. The code runs under the ExecutionContext that the calling Python
/// context carries, and what it changes there is undone at the end.
/// </summary>
internal ref struct EntryFromPython
{
    [ThreadStatic]
    private static ThreadState? t_state;

    private readonly ThreadState _thread;
    private readonly ExecutionContext? _before;
    private readonly object? _laneBefore;
    private readonly ExecutionContext? _carriedBefore;
    private readonly SynchronizationContext? _synchronizationBefore;

    private EntryFromPython(ThreadState thread)
    {
        _thread = thread;
        _laneBefore = thread.Lane;
        _before = ExecutionContext.Capture();
        Flow = _before;
        _carriedBefore = thread.Carried;
        _synchronizationBefore = SynchronizationContext.Current;
    }

    /// <summary>The SynchronizationContext of the event loop that runs on this thread; null if none does.</summary>
    public static SynchronizationContext? LoopContext
    {
        get => Thread.LoopContext;
        set
        {
            // C# code that Python has called and that is the first here to meet the loop: from now on it runs on that.
            ThreadState thread = Thread;
            if (thread.Depth > 0 && thread.LoopContext != value && SynchronizationContext.Current == thread.LoopContext)
            {
                SynchronizationContext.SetSynchronizationContext(value);
            }

            thread.LoopContext = value;
        }
    }

    /// <summary>
    /// The carried context that this thread's C# code runs under. When C# called Python and Python calls back on the same stack, both
    /// entries carry the same context, and the changes that the outer one has made to it since are the ones to see.
    /// </summary>
    /// <returns>What it was before.</returns>
    public static ExecutionContext? ExchangeCarried(ExecutionContext? carried)
    {
        ThreadState thread = Thread;
        ExecutionContext? before = thread.Carried;
        thread.Carried = carried;
        return before;
    }

    /// <summary>
    /// What the innermost C# code on this thread runs as, if that is work of a lane whose thread is the event loop's, rather than a call of
    /// Python's: an <c>EventLoopContext</c>, which this layer does not know.
    /// </summary>
    public static object? Lane
    {
        get => Thread.Lane;
        set => Thread.Lane = value;
    }

    /// <summary>How many calls of Python's to C# this thread is in.</summary>
    public static int CurrentDepth => Thread.Depth;

    /// <summary>Whether this thread is in C# code that Python called.</summary>
    public static bool IsActive => t_state is { Depth: > 0 };

    /// <summary>The ExecutionContext that the code begins under: the carried one, or the thread's; null if its flow is suppressed.</summary>
    public ExecutionContext? Flow { get; private set; }

    private static ThreadState Thread => t_state ?? NewThread();

    public static EntryFromPython Begin()
    {
        ThreadState thread = Thread;
        var entry = new EntryFromPython(thread);
        thread.Depth++;
        if (entry._laneBefore is not null)
        {
            thread.Lane = null;
        }

        if (thread.LoopContext != entry._synchronizationBefore)
        {
            SynchronizationContext.SetSynchronizationContext(thread.LoopContext);
        }

        if (ExecutionContextCarrier.Current() is { } carried && carried != thread.Carried)
        {
            thread.Carried = carried;
            ExecutionContext.Restore(carried);
            entry.Flow = carried;
        }

        return entry;
    }

    public readonly void End()
    {
        // What nobody has changed, as mostly, is not written: to write a reference costs more than to compare it.
        _thread.Depth--;
        if (_thread.Lane != _laneBefore)
        {
            _thread.Lane = _laneBefore;
        }

        if (_thread.Carried != _carriedBefore)
        {
            _thread.Carried = _carriedBefore;
        }

        if (SynchronizationContext.Current != _synchronizationBefore)
        {
            SynchronizationContext.SetSynchronizationContext(_synchronizationBefore);
        }

        // Null only when the flow was suppressed outside; then there is nothing to go back to.
        if (_before is not null)
        {
            ExecutionContext.Restore(_before);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadState NewThread() => t_state = new ThreadState();

    /// <summary>What is kept for a thread, in one place, since each look at a thread's own variables costs.</summary>
    private sealed class ThreadState
    {
        public int Depth;
        public ExecutionContext? Carried;
        public SynchronizationContext? LoopContext;
        public object? Lane;
    }
}
