using PyAsync.Interop;

namespace PyAsync;

internal sealed partial class PythonEventLoop
{
    private OwnedReference _watch;

    // Not asked of the inbox, since every call of Python's asks, and whoever posts meanwhile has the inbox's cache line.
    private volatile bool _closed;

    /// <summary>Set while the loop's runtime ends it: requests that have not begun end with this, only completions are done.</summary>
    internal Exception? EndReason { get; set; }

    /// <summary>Has the loop tell when it closes, and Python when it is freed without having been closed.</summary>
    private void Watch()
    {
        LoopRegistry.Current.Add(this);
        using PyObject closed = PyFunction.Create("pyasync_loop_closed", OnClosed);
        using PyObject freed = PyFunction.Create(
            "pyasync_loop_freed",
            _ =>
            {
                OnFreed();
                return null;
            });
        _weakLoop.Set(CPython.PyWeakref_NewRef(Reference, freed.Reference).OrThrow());
        BorrowedReference watch = CoreModules.Current.LoopWatch("watch");
        _watch.Set(watch.Call(Reference, closed.Reference).OrThrow());
    }

    /// <summary>The loop is closed: nothing that waits for it will be done by it.</summary>
    private void OnClosed() => End(Reference);

    /// <summary>The loop can neither run nor be closed any more.</summary>
    internal void GiveUp() => End(Reference);

    /// <summary>The loop was freed without having been closed; the object must not be touched any more.</summary>
    private void OnFreed() => End(default);

    /// <summary>Settles both sides, once: queued requests and running awaits fail, awaitables of .NET work are cancelled.</summary>
    private void End(BorrowedReference loop)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _drainIsDue = false;
        if (EntryFromPython.LoopContext == SynchronizationContext)
        {
            EntryFromPython.LoopContext = null;
        }

        PythonInterpreter.Current.Releases.ThresholdReached -= WakeForReleases;
        LoopRegistry.Current.Remove(this);
        var reason = new EventLoopClosedException("The event loop was closed before the call was done.");
        foreach (IInboxItem item in _inbox.Close())
        {
            item.Abandon(reason);
        }

        LetGoOfTasks();
        AbandonAwaited(reason);
        while (_completionsHere.TryDequeue(out ICompletion? completion))
        {
            _completions.Add(completion);
        }

        FlushCompletions();
        foreach (TaskToAwaitable work in _work.TakeAll())
        {
            work.LoopClosed();
        }

        _waker.Close(loop);
        Starter.Close();
        _drain.Clear();
        _callbacks.Clear();
        Ready.Clear();
        _drainContext.Clear();
        _interrupt.Clear();
        _doneCallback.Clear();
        _weakLoop.Clear();
        _watch.Clear();
    }

    /// <summary>The tasks that were made here end with the loop, and their awaiters get to know of it.</summary>
    private void LetGoOfTasks()
    {
        using NewReference tasks = OwnTasks();
        using NewReference result = CoreModules.Current.LoopWatch("let_go").Call(tasks.Borrow());
        if (result.IsNull)
        {
            PythonErrors.Forget();
        }
    }
}
