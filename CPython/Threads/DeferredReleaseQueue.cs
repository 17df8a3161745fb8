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
    private int _count;

    /// <summary>Raised on the enqueuing thread, once per <see cref="WakeThreshold"/>: a loop should drain the queue.</summary>
    public event Action? ThresholdReached;

    public int Count => Volatile.Read(ref _count);

    public void Enqueue(nint pointer)
    {
        _pointers.Enqueue(pointer);
        if (Interlocked.Increment(ref _count) % WakeThreshold == 0)
        {
            ThresholdReached?.Invoke();
        }
    }

    /// <summary>
    /// Drops the queued references, unless the stack is nearly used up: deallocating nested objects takes stack. The calling thread holds the GIL;
    /// finalisers may run any Python code.
    /// </summary>
    public void Drain()
    {
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
}
