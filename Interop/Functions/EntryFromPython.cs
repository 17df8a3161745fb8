using System.Runtime.CompilerServices;

namespace PyAsync.Functions;

/// <summary>
/// The scope in which Python runs C# code on this thread. The code runs under the ExecutionContext that the calling Python context carries, and its
/// changes are undone at the end.
/// </summary>
internal ref struct EntryFromPython
{
    [ThreadStatic]
    private static ThreadState? t_state;

    private readonly ThreadState _thread;
    private readonly ExecutionContext? _before;
    private readonly bool _wasOnLane;
    private readonly ExecutionContext? _carriedBefore;
    private readonly SynchronizationContext? _synchronizationBefore;
    private readonly ExecutionContext? _flowBefore;

    private EntryFromPython(ThreadState thread)
    {
        _thread = thread;
        _wasOnLane = thread.IsOnLane;
        _before = ExecutionContext.Capture();
        _flowBefore = thread.Flow;
        Flow = _before;
        _carriedBefore = thread.Carried;
        _synchronizationBefore = SynchronizationContext.Current;
    }

    /// <summary>
    /// Gets or sets the SynchronizationContext of the event loop that runs on this thread; null if none is known. It is the context of C# code that
    /// Python calls, and <see cref="YieldingSynchronizationContext"/> is if there is none.
    /// </summary>
    public static SynchronizationContext? LoopContext
    {
        get => Thread.LoopContext is var context && context == YieldingSynchronizationContext.Shared ? null : context;
        set
        {
            SynchronizationContext context = value ?? YieldingSynchronizationContext.Shared;

            // C# code that Python has called is the first to use the loop on this thread: from now on the code runs on that loop.
            ThreadState thread = Thread;
            if (thread.Depth > 0 && thread.LoopContext != context && SynchronizationContext.Current == thread.LoopContext)
            {
                SynchronizationContext.SetSynchronizationContext(context);
            }

            thread.LoopContext = context;
        }
    }

    /// <summary>
    /// Exchanges the carried context that this thread's C# code runs under, and <see cref="CurrentFlow"/>. When C# called Python and Python calls back on the same stack, both
    /// entries carry the same context, and the inner one must see the changes that the outer one has made to it.
    /// </summary>
    /// <returns>The previous contexts.</returns>
    public static (ExecutionContext? Carried, ExecutionContext? Flow) Exchange(ExecutionContext? carried, ExecutionContext? flow)
    {
        ThreadState thread = Thread;
        (ExecutionContext? Carried, ExecutionContext? Flow) before = (thread.Carried, thread.Flow);

        // Unchanged references are not written: writing one costs more than comparing it.
        if (before.Carried != carried)
        {
            thread.Carried = carried;
        }

        if (before.Flow != flow)
        {
            thread.Flow = flow;
        }

        return before;
    }

    /// <summary>
    /// True if the innermost C# code on this thread is work of a lane that runs on the event loop's thread, rather than a call from Python. The loop is
    /// that of <see cref="LoopContext"/>.
    /// </summary>
    public static bool IsOnLane
    {
        get => Thread.IsOnLane;
        set => Thread.IsOnLane = value;
    }

    /// <summary>
    /// Gets or sets the ExecutionContext of the innermost C# code on this thread that Python has called, or that the event loop runs. Code under
    /// another one may be a continuation of another flow that runs inline on this thread.
    /// </summary>
    public static ExecutionContext? CurrentFlow
    {
        get => Thread.Flow;
        set
        {
            ThreadState thread = Thread;
            if (thread.Flow != value)
            {
                thread.Flow = value;
            }
        }
    }

    /// <summary>Gets the number of nested calls from Python to C# on this thread.</summary>
    public static int CurrentDepth => Thread.Depth;

    /// <summary>
    /// True if calls between Python and C# have used up the stack. Checked only at a large nesting depth, because the check costs a tenth of a call.
    /// </summary>
    public readonly bool IsStackLow => _thread.Depth >= 16 && !RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>True if this thread runs C# code that Python called.</summary>
    public static bool IsActive => t_state is { Depth: > 0 };

    /// <summary>Gets the ExecutionContext that the code begins under: the carried one, or the thread's; null if its flow is suppressed.</summary>
    public ExecutionContext? Flow { get; private set; }

    private static ThreadState Thread => t_state ?? NewThread();

    public static EntryFromPython Begin()
    {
        ThreadState thread = Thread;
        var entry = new EntryFromPython(thread);
        thread.Depth++;
        thread.IsOnLane = false;

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

        if (thread.Flow != entry.Flow)
        {
            thread.Flow = entry.Flow;
        }

        return entry;
    }

    public readonly void End()
    {
        // Work that has ended already may have disposed a buffer on another thread, whose object the calling Python code may resize next.
        _ = DeferredReleases.Queue.DrainUrgent();

        _thread.Depth--;
        _thread.IsOnLane = _wasOnLane;

        // Unchanged references, the usual case, are not written: writing one costs more than comparing it.
        if (_thread.Carried != _carriedBefore)
        {
            _thread.Carried = _carriedBefore;
        }

        if (_thread.Flow != _flowBefore)
        {
            _thread.Flow = _flowBefore;
        }

        if (SynchronizationContext.Current != _synchronizationBefore)
        {
            SynchronizationContext.SetSynchronizationContext(_synchronizationBefore);
        }

        // Null only if the flow was suppressed outside; then there is nothing to restore.
        if (_before is not null)
        {
            ExecutionContext.Restore(_before);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadState NewThread() => t_state = new ThreadState();

    /// <summary>The data of a thread, in one object, because each access to a thread-static field has a cost.</summary>
    private sealed class ThreadState
    {
        public int Depth;
        public ExecutionContext? Carried;
        public ExecutionContext? Flow;
        public SynchronizationContext LoopContext = YieldingSynchronizationContext.Shared;
        public bool IsOnLane;
    }
}
