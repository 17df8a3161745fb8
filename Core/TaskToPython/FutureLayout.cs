using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>The states of a <c>pyasync.Future</c>.</summary>
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

    /// <summary>True if it holds a failure that no code has retrieved.</summary>
    public byte LogTraceback;

    /// <summary>
    /// True if the garbage collector does not track it: it was created done, with a value that refers to nothing, and refers to its loop weakly, so
    /// that no reference cycle can contain it. Most calls that complete at once return such a future.
    /// </summary>
    public byte IsUntracked;

    /// <summary>True if it was created pending, so that code may have been suspended on it: see <see cref="FutureType"/>.</summary>
    public byte WasPending;

    /// <summary>True if a cancellation was requested on which the work decides.</summary>
    public byte IsCancelRequested;

    /// <summary>True if the first callback wakes a task that was cancelled while it waited here.</summary>
    public byte CancelsFirst;

    /// <summary>
    /// True if an exception, usually a cancellation, has ended an await when the outcome was there, and no code has retrieved it since. The wake-up of a task
    /// calls <c>result()</c> before the task throws the exception, so that only later calls count.
    /// </summary>
    public byte IsMissed;

    /// <summary>The loop, or a weak reference to it: see <see cref="FutureObject.LoopOf"/>.</summary>
    public OwnedReference Loop;
    public OwnedReference Result;
    public OwnedReference Exception;

    /// <summary>
    /// The exception's own traceback, restored at each raise so that it does not grow; while the future is pending, an object that it keeps alive.
    /// </summary>
    public OwnedReference Traceback;

    // Nearly every future has one callback: the wake-up of the task that awaits it.
    public OwnedReference Callback;
    public OwnedReference CallbackContext;

    /// <summary>
    /// A list of (callback, context) for the second callback and on; (callback, context, None) for the wake-up of a task that was cancelled while it
    /// waited here.
    /// </summary>
    public OwnedReference MoreCallbacks;

    public OwnedReference CancelMessage;
    public nint WeakReferences;

    /// <summary>While pending, one more than the number of the <see cref="FutureSource"/>; in reusable memory, the address of the next free one.</summary>
    public nint Source;

    public readonly bool IsDone => State != FutureState.Pending;
}
