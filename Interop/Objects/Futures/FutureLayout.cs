using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>Where a <c>pyasync.Future</c> is in its life.</summary>
internal enum FutureState : byte
{
    Pending,
    Cancelled,
    Finished,
}

/// <summary>The memory of a <c>pyasync.Future</c>. Only the thread that holds the GIL touches it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FutureLayout
{
    public CPython.PyObjectHead Head;
    public FutureState State;

    /// <summary>asyncio's mark of a future that is being awaited: <c>_asyncio_future_blocking</c>.</summary>
    public byte Blocking;

    /// <summary>Whether it holds a failure that nobody has looked at.</summary>
    public byte LogTraceback;

    /// <summary>
    /// Whether the collector knows nothing of it: it was made done, with a value that refers to nothing, and has its loop by a weak reference,
    /// so that no cycle can go through it. What most calls give that are done at once.
    /// </summary>
    public byte IsUntracked;

    /// <summary>Whether the first callback's context is a snapshot of <see cref="SharedContexts"/>.</summary>
    public byte SharesContext;

    /// <summary>The loop, or a weak reference to it: see <see cref="FutureObject.LoopOf"/>.</summary>
    public OwnedReference Loop;
    public OwnedReference Result;
    public OwnedReference Exception;

    /// <summary>The exception's own traceback, put back at each raise so that it does not grow.</summary>
    public OwnedReference Traceback;

    // Nearly every future has one callback: the wake-up of the task that awaits it.
    public OwnedReference Callback;
    public OwnedReference CallbackContext;

    /// <summary>A list of (callback, context) for the second callback and on.</summary>
    public OwnedReference MoreCallbacks;

    public OwnedReference CancelMessage;
    public nint WeakReferences;

    /// <summary>One more than the number of the <see cref="FutureSource"/>, while pending; in memory that is kept, the next one that is.</summary>
    public nint Source;

    public readonly bool IsDone => State != FutureState.Pending;
}
