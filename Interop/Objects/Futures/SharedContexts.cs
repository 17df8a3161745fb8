namespace PyAsync.Interop;

/// <summary>
/// The contexts of callbacks that are added without one: each is to run in a copy of the context that it was added in. Many are added in the same
/// (<c>gather</c>), and hardly any sets a variable: so they share a snapshot, of which a copy is made when one runs, for the next one too
/// if it is as it was. The GIL guards it.
/// </summary>
internal sealed class SharedContexts
{
    // A copy of the context that was last asked for. Nobody enters it.
    private OwnedReference _snapshot;

    // A copy of that to run in.
    private OwnedReference _copy;

    /// <summary>A snapshot of the running thread's context, to be given to <see cref="Copy"/>; NULL if they cannot be told apart here.</summary>
    public NewReference Snapshot()
    {
        BorrowedReference here = RunningThread.Current.Context;
        if (here.IsNull || !ContextIdentity.IsSupported)
        {
            return default;
        }

        if (_snapshot.IsNull || CPython.PyContext_Variables(_snapshot.Borrow()) != CPython.PyContext_Variables(here))
        {
            _copy.Clear();
            _snapshot.Set(CPython.PyContext_Copy(here));
            if (_snapshot.IsNull)
            {
                CPython.PyErr_Clear(); // No memory: the ordinary way says so.
                return default;
            }
        }

        return NewReference.From(_snapshot.Borrow());
    }

    /// <summary>A context to run in, which nobody else enters; NULL with the error set if it cannot be had.</summary>
    public NewReference Copy(BorrowedReference snapshot)
    {
        bool isGood = !_copy.IsNull && snapshot == _snapshot.Borrow();
        return isGood ? _copy.Take() : CPython.PyContext_Copy(snapshot);
    }

    /// <summary>The callback has run: the context is good for another, if nothing was set in it and nobody has kept it. Takes it.</summary>
    public void GiveBack(NewReference context, BorrowedReference snapshot)
    {
        bool isAsItWas = snapshot == _snapshot.Borrow()
            && CPython.Py_REFCNT(context.Borrow()) == 1
            && CPython.PyContext_Variables(context.Borrow()) == CPython.PyContext_Variables(snapshot);
        if (isAsItWas)
        {
            _copy.Set(context);
        }
        else
        {
            context.Dispose();
        }
    }

    /// <summary>Keeps nothing alive any longer. At the end of each drain, which comes after whatever asked for a snapshot.</summary>
    public void Forget()
    {
        _copy.Clear();
        _snapshot.Clear();
    }
}
