using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Captures the context variables of code on the loop's thread. Most calls set none, or the same as the call before. The GIL guards it.</summary>
internal sealed class LoopVariables
{
    private readonly PythonEventLoop _loop;
    private readonly CapturedVariables _captures = new();

    // The context in which the loop runs drains: a copy of the one in which the waker was registered.
    private OwnedReference _drainContext;

    public LoopVariables(PythonEventLoop loop)
    {
        _loop = loop;
        _drainContext.Set(CPython.PyContext_CopyCurrent().OrThrow());
    }

    /// <summary>Gets the loop with the current context variables. On the loop's thread.</summary>
    public EventLoopContext Capture(RunningThread thread)
    {
        // The variables that drains run in need not be carried, and recognising them needs no copy.
        BorrowedReference here = thread.Context;
        if (!here.IsNull && AreThoseOfDrain(here))
        {
            return _loop.OwnContext;
        }

        NewReference current = CPython.PyContext_CopyCurrent().OrThrow();
        if (here.IsNull && AreThoseOfDrain(current.Borrow()))
        {
            current.Dispose();
            return _loop.OwnContext;
        }

        return _captures.Of(_loop, current);
    }

    /// <summary>Makes a copy of the context of drains, to enter; NULL if the current context has the same variables, or the loop is closed. Clears errors.</summary>
    public NewReference NewDrainContext()
    {
        BorrowedReference here = RunningThread.Current.Context;
        if (_drainContext.IsNull || (!here.IsNull && AreThoseOfDrain(here)))
        {
            return default;
        }

        NewReference copy = CPython.PyContext_Copy(_drainContext.Borrow());
        if (copy.IsNull)
        {
            CPython.PyErr_Clear();
        }

        return copy;
    }

    public void Clear() => _drainContext.Clear();

    private bool AreThoseOfDrain(BorrowedReference context) =>
        !_drainContext.IsNull && ContextVariables.AreSame(context, _drainContext.Borrow());
}
