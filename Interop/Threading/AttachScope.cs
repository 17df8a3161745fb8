namespace PyAsync.Interop;

/// <summary>
/// While it lasts, the current thread holds the GIL. A <c>ref struct</c>, so that the compiler refuses an
/// <see langword="await"/> inside it: after one the code might go on on a thread that holds nothing.
/// </summary>
public ref struct AttachScope
{
    private readonly AttachGate? _gate;
    private readonly int _state;
    private bool _ended;

    internal AttachScope(AttachGate gate, int state)
    {
        _gate = gate;
        _state = state;
    }

    /// <summary>Gives the GIL back, unless the thread held it already before the scope.</summary>
    public void Dispose()
    {
        if (_gate is null || _ended)
        {
            return;
        }

        _ended = true;
        PythonInterpreter.Current.Releases.Drain();
        CPython.PyGILState_Release(_state);
        _gate.Exit();
    }
}
