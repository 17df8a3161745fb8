using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The contexts of callbacks that are added without one: each runs in a copy of the context that it was added in. Many are added in the same context
/// (<c>gather</c>), and hardly any sets a variable. So they share a snapshot, which is copied when a callback runs; the next callback reuses the copy
/// if it is unchanged. The GIL guards it.
/// </summary>
internal sealed class SharedContexts
{
    // A copy of the context that was requested last. No code enters it.
    private OwnedReference _snapshot;

    // A copy of the snapshot to run in.
    private OwnedReference _copy;

    public static SharedContexts Current => InterpreterState.Current.Attachment<SharedContexts>();

    /// <summary>Gets a snapshot of the running thread's context, to pass to <see cref="Copy"/>; NULL if contexts cannot be compared here.</summary>
    public NewReference Snapshot()
    {
        BorrowedReference here = RunningThread.Current.Context;
        if (here.IsNull || !CPythonLayouts.HasContextVariables)
        {
            return default;
        }

        if (_snapshot.IsNull || !ContextVariables.AreSame(_snapshot.Borrow(), here))
        {
            _copy.Clear();
            _snapshot.Set(CPython.PyContext_Copy(here));
            if (_snapshot.IsNull)
            {
                CPython.PyErr_Clear(); // No memory: the ordinary copy will report it.
                return default;
            }
        }

        return NewReference.From(_snapshot.Borrow());
    }

    /// <summary>Gets a context to run in, which no other code enters; NULL with the error set on a failure.</summary>
    public NewReference Copy(BorrowedReference snapshot)
    {
        if (snapshot != _snapshot.Borrow())
        {
            // The copy is from an earlier turn: the other callbacks probably run in this one.
            _copy.Clear();
            _snapshot.Set(NewReference.From(snapshot));
        }

        return _copy.IsNull ? CPython.PyContext_Copy(snapshot) : _copy.Take();
    }

    /// <summary>Takes a context back after the callback has run: it can be reused if no variable was set in it and no code has kept it.</summary>
    public void GiveBack(NewReference context, BorrowedReference snapshot)
    {
        bool isAsItWas = snapshot == _snapshot.Borrow()
            && CPython.Py_REFCNT(context.Borrow()) == 1
            && ContextVariables.AreSame(context.Borrow(), snapshot);
        if (isAsItWas)
        {
            _copy.Set(context);
        }
        else
        {
            context.Dispose();
        }
    }

    /// <summary>Releases both contexts at the end of each turn, so that they keep no object alive.</summary>
    public void Forget()
    {
        _copy.Clear();
        _snapshot.Clear();
    }
}
