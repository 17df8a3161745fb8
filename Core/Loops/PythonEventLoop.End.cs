using PyAsync.Interop;

namespace PyAsync.Loops;

// The end: what is left is settled.
internal sealed partial class PythonEventLoop
{
    /// <summary>True if the loop's thread does not return, and the runtime has settled the calls of .NET (<see cref="AbandonCalls"/>).</summary>
    internal bool IsAbandoned { get; private set; }

    /// <summary>
    /// Settles the calls of .NET on a loop whose thread does not return. On another thread, which holds the GIL. If that thread returns after all, it ends
    /// the loop as usual.
    /// </summary>
    /// <remarks>While another thread holds the GIL, the loop's thread is in Python code, or in C# code that has released the GIL: no drain is changing these fields.</remarks>
    internal void AbandonCalls(Exception reason)
    {
        if (_closed)
        {
            return;
        }

        IsAbandoned = true;
        EndReason ??= reason;
        _drainer.AbandonItems(EndReason);
        RunningItem?.AbandonRunning(EndReason);
        Awaits.Abandon(EndReason);
        Completions.LeaveLoop();
    }

    /// <summary>Ends this object. Called when the loop is closed, or can neither run nor be closed any more.</summary>
    internal void GiveUp() => End(Reference);

    /// <summary>Called when the loop was freed without having been closed; the object must not be touched any more.</summary>
    private void OnFreed() => End(default);

    /// <summary>Settles both sides, once: queued requests and running awaits fail, awaitables of .NET work are cancelled.</summary>
    private void End(BorrowedReference loop)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if (EntryFromPython.LoopContext == SynchronizationContext)
        {
            EntryFromPython.LoopContext = null;
        }

        DeferredReleases.Queue.DrainWanted -= WakeForReleases;
        DeferredReleases.Queue.UrgentDrainWanted -= WakeIfRunning;
        LoopRegistry.Current.Remove(this);
        var reason = new EventLoopClosedException("The event loop was closed before the call was done.");
        foreach (IInboxItem item in (IInboxItem[])[.. _drainer.Close(), .. _inbox.Close()])
        {
            item.Abandon(reason);
        }

        Awaits.MarkTasksAsSeen();
        Awaits.Abandon(reason);
        Completions.LeaveLoop();
        Work.LoopClosed();
        _waker.Close(loop);
        Awaits.Dispose();
        _variables.Clear();
        PreparedContext.OfProcess.Clear();
        _watch.End();
    }
}
