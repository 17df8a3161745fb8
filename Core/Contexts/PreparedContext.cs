using PyAsync.Interop;

namespace PyAsync.Contexts;

/// <summary>
/// A Python context that carries an ExecutionContext, kept for the next request with the same one: making a copy and storing a variable in it takes a
/// sixth of an await that ends at once. It is in use by one request at a time, and is dropped if the request's code has set a variable in it. The GIL guards it.
/// </summary>
/// <remarks>Only where the variables of two contexts can be compared in place (<see cref="ContextVariables"/>); elsewhere each request makes its own.</remarks>
internal sealed class PreparedContext
{
    private OwnedReference _context;
    private OwnedReference _unchanged;
    private OwnedReference _origin;
    private ExecutionContext? _execution;
    private ExecutionContext? _seen;

    public static PreparedContext OfProcess => InterpreterState.Current.Attachment<PreparedContext>();

    /// <summary>Takes the context, if it was made for the same ExecutionContext in a context with the same variables; else NULL.</summary>
    /// <param name="here">The thread's current context; NULL if it is not known.</param>
    /// <param name="execution">The ExecutionContext to carry.</param>
    public NewReference Take(BorrowedReference here, ExecutionContext execution) =>
        _execution == execution && !_context.IsNull && !here.IsNull && ContextVariables.AreSame(here, _origin.Borrow())
            ? _context.Take()
            : default;

    /// <summary>Prepares for the next request: keeps the variables of a context that a request has just made, once the same ExecutionContext came twice.</summary>
    public void Remember(BorrowedReference here, ExecutionContext execution, BorrowedReference made)
    {
        if (_seen != execution)
        {
            _seen = execution;
            return;
        }

        if (here.IsNull || !CPythonLayouts.HasContextVariables || _execution == execution)
        {
            return;
        }

        // A copy may run the garbage collector (on 3.11), and a release any code: during either, another thread may take and return contexts. So all fields change
        // at once, and what they held is released afterwards.
        using NewReference origin = CPython.PyContext_Copy(here).OrThrow();
        using NewReference unchanged = CPython.PyContext_Copy(made).OrThrow();
        Replace(NewReference.From(origin.Borrow()), NewReference.From(unchanged.Borrow()), execution);
    }

    /// <summary>Keeps a context that a request has left, if it is as it was made; else releases it.</summary>
    public void Return(NewReference context)
    {
        if (!_unchanged.IsNull && _context.IsNull && ContextVariables.AreSame(context.Borrow(), _unchanged.Borrow()))
        {
            _context.Set(context);
        }
        else
        {
            context.Dispose();
        }
    }

    /// <summary>Releases the contexts, and with them the values of their variables.</summary>
    public void Clear()
    {
        _seen = null;
        Replace(default, default, null);
    }

    private void Replace(NewReference origin, NewReference unchanged, ExecutionContext? execution)
    {
        using NewReference contextBefore = _context.Take(), originBefore = _origin.Take(), unchangedBefore = _unchanged.Take();
        _origin.Set(origin);
        _unchanged.Set(unchanged);
        _execution = execution;
    }
}
