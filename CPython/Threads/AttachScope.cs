namespace PyAsync.Interop;

/// <summary>
/// Holds the GIL on the current thread until it is disposed. A <c>ref struct</c>, so that the compiler refuses an <see langword="await"/> inside it:
/// after the await the code could run on a thread that does not hold the GIL.
/// </summary>
public ref struct AttachScope
{
    private readonly AttachGate? _gate;
    private readonly int _state;
    private readonly bool _yields;
    private bool _ended;

    internal AttachScope(AttachGate gate, int state)
    {
        _gate = gate;
        _state = state;

        // Another SynchronizationContext stays: a lane's releases the GIL too, that of a user interface waits as it defines.
        if (SynchronizationContext.Current is null)
        {
            _yields = true;
            SynchronizationContext.SetSynchronizationContext(YieldingSynchronizationContext.Shared);
        }
    }

    /// <summary>Releases the GIL, unless the thread held it already before the scope.</summary>
    public void Dispose()
    {
        if (_gate is null || _ended)
        {
            return;
        }

        _ended = true;
        if (_yields && SynchronizationContext.Current == YieldingSynchronizationContext.Shared)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        DeferredReleases.Queue.Drain();
        CPython.PyGILState_Release(_state);
        PythonThread.GateInside = null;
        _gate.Exit();
    }
}
