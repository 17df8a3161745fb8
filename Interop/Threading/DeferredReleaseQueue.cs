using System.Collections.Concurrent;

namespace PyAsync.Interop;

/// <summary>
/// References to drop once somebody holds the GIL: finalisers and threads that are not attached put them here, the
/// next scope or event loop that holds the GIL anyway drops them.
/// </summary>
internal sealed class DeferredReleaseQueue
{
    /// <summary>So many waiting references are worth waking a loop for.</summary>
    internal const int WakeThreshold = 1_000;

    /// <summary>At most so many are dropped at once, so that the thread that does it is not held up for long.</summary>
    private const int DrainLimit = 10_000;

    private readonly ConcurrentQueue<nint> _pointers = new();
    private int _count;

    /// <summary>Raised on the enqueuing thread, once per <see cref="WakeThreshold"/>: a loop may drain soon.</summary>
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

    /// <summary>Drops what waits. The calling thread holds the GIL; finalisers may run any Python code.</summary>
    public void Drain()
    {
        if (Volatile.Read(ref _count) == 0)
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
