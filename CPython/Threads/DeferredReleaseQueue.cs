using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace PyAsync.Threads;

/// <summary>
/// Queues references to drop once a thread holds the GIL: finalisers and threads that are not attached add them, and the next scope or event loop that
/// holds the GIL anyway drops them.
/// </summary>
internal sealed class DeferredReleaseQueue
{
    /// <summary>The number of queued references that is worth waking a loop for.</summary>
    internal const int WakeThreshold = 1_000;

    /// <summary>The maximum number of references dropped at once, so that the dropping thread is not delayed for long.</summary>
    private const int DrainLimit = 10_000;

    private readonly ConcurrentQueue<nint> _pointers = new();
    private readonly ConcurrentQueue<nint> _urgent = new();
    private int _count;
    private bool _hasUrgent;

    /// <summary>Raised on the enqueuing thread, once per <see cref="WakeThreshold"/>: a loop should drain the queue.</summary>
    public event Action? DrainWanted;

    /// <summary>Raised on the enqueuing thread for an urgent release, until a subscriber returns true: its loop runs and will drain the queue. If none does, <see cref="DrainWanted"/> is raised.</summary>
    public event Func<bool>? UrgentDrainWanted;

    public int Count => Volatile.Read(ref _count);

    public void Enqueue(nint pointer)
    {
        _pointers.Enqueue(pointer);
        if (Interlocked.Increment(ref _count) % WakeThreshold == 0)
        {
            DrainWanted?.Invoke();
        }
    }

    /// <summary>
    /// Queues a reference whose release Python code may depend on, such as the export of a buffer. It is dropped before any call of Python that this thread makes or
    /// posts afterwards, and a loop is woken for it.
    /// </summary>
    public void EnqueueUrgent(nint pointer)
    {
        _urgent.Enqueue(pointer);
        if (Interlocked.Exchange(ref _hasUrgent, true))
        {
            return; // A loop has been woken, and has not drained the queue yet.
        }

        foreach (Func<bool> wake in Delegate.EnumerateInvocationList(UrgentDrainWanted))
        {
            if (wake())
            {
                return;
            }
        }

        DrainWanted?.Invoke();
    }

    /// <summary>Drops the urgent references. The calling thread holds the GIL; finalisers may run any Python code.</summary>
    /// <returns>True if there were any.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool DrainUrgent() => Volatile.Read(ref _hasUrgent) && DropUrgent();

    /// <summary>
    /// Drops the queued references, unless the stack is nearly used up: deallocating nested objects takes stack. The calling thread holds the GIL;
    /// finalisers may run any Python code.
    /// </summary>
    public void Drain()
    {
        _ = DrainUrgent();
        if (Volatile.Read(ref _count) == 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return;
        }

        for (int i = 0; i < DrainLimit && _pointers.TryDequeue(out nint pointer); i++)
        {
            Interlocked.Decrement(ref _count);
            new NewReference(pointer).Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DropUrgent()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return false;
        }

        // Must be first, and visible before the queue is read: a reference that is queued from here on sets it again.
        Interlocked.Exchange(ref _hasUrgent, false);
        while (_urgent.TryDequeue(out nint pointer))
        {
            new NewReference(pointer).Dispose();
        }

        return true;
    }
}
