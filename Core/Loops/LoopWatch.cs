using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Reports when the Python loop closes, and when Python frees it without having closed it. The GIL guards it.</summary>
internal sealed class LoopWatch
{
    private OwnedReference _weakLoop;
    private OwnedReference _watch;

    /// <summary>Gets a weak reference to the loop object, while the loop is open.</summary>
    public BorrowedReference WeakReference => _weakLoop.Borrow();

    /// <summary>Begins to watch.</summary>
    /// <param name="loop">The loop object.</param>
    /// <param name="onClosed">Called when the loop has closed.</param>
    /// <param name="onFreed">Called when the loop object has been freed.</param>
    public void Begin(BorrowedReference loop, Action onClosed, Action onFreed)
    {
        using PyObject closed = PyFunction.Create("pyasync_loop_closed", onClosed);
        using PyObject freed = PyFunction.Create(
            "pyasync_loop_freed",
            _ =>
            {
                onFreed();
                return null;
            });
        _weakLoop.Set(CPython.PyWeakref_NewRef(loop, freed.Reference).OrThrow());
        BorrowedReference watch = CoreModules.Current.LoopWatch("watch");
        _watch.Set(watch.Call(loop, closed.Reference).OrThrow());
    }

    public void End()
    {
        _weakLoop.Clear();
        _watch.Clear();
    }
}
