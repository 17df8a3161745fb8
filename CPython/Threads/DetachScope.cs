namespace PyAsync.Interop;

/// <summary>Releases the GIL on the current thread until it is disposed, so that Python runs on other threads.</summary>
public ref struct DetachScope
{
    // Null if Python created the thread, which the gate does not count.
    private readonly AttachGate? _gate;
    private nint _threadState;

    internal DetachScope(nint threadState, AttachGate? gate)
    {
        _threadState = threadState;
        _gate = gate;
        if (gate is not null)
        {
            PythonThread.GateInside = null;
            gate.Leave();
        }
    }

    /// <summary>
    /// Takes the GIL again, unless the thread did not hold it before the scope. Waits for it; a .NET thread never returns if the process, and Python with it, is ending.
    /// </summary>
    public void Dispose()
    {
        if (!TryEnd())
        {
            // As CPython does with daemon threads: the frames above cannot continue without the GIL, and the process is about to end.
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>Ends the scope as <see cref="Dispose"/> does, but returns false, without the GIL, if the process and Python with it is ending.</summary>
    internal bool TryEnd()
    {
        nint threadState = _threadState;
        _threadState = 0;
        if (threadState == 0)
        {
            return true;
        }

        if (_gate is not null)
        {
            if (!_gate.TryReturn())
            {
                return false;
            }

            PythonThread.GateInside = _gate;
        }

        CPython.PyEval_RestoreThread(threadState);
        return true;
    }
}
