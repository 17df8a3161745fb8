namespace PyAsync.Interop;

/// <summary>While it lasts, the current thread does not hold the GIL, so that Python goes on elsewhere.</summary>
public ref struct DetachScope
{
    private nint _threadState;

    internal DetachScope(nint threadState) => _threadState = threadState;

    /// <summary>Takes the GIL back, unless the thread did not hold it before the scope. Waits for it.</summary>
    public void Dispose()
    {
        nint threadState = _threadState;
        _threadState = 0;
        if (threadState != 0)
        {
            CPython.PyEval_RestoreThread(threadState);
        }
    }
}
