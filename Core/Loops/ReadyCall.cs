using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>A call in <see cref="ReadyCallbacks"/>: a request, or a callback with its own references.</summary>
internal readonly struct ReadyCall
{
    private readonly nint _future;
    private readonly nint _callback;
    private readonly nint _context;

    public ReadyCall(IInboxItem item) => Item = item;

    public ReadyCall(BorrowedReference future, BorrowedReference callback, BorrowedReference context)
    {
        _future = NewReference.From(future).Take();
        _callback = NewReference.From(callback).Take();
        _context = NewReference.From(context).Take();
    }

    public IInboxItem? Item { get; }

    public BorrowedReference Callback => new(_callback);

    /// <summary>Gets (context, callback, future), which takes the references; NULL if the loop has to make the call itself.</summary>
    public NewReference TakeArguments(LoopTurns loop)
    {
        NewReference arguments = CanEnter(new BorrowedReference(_context)) ? CPython.PyTuple_New(3) : default;
        if (arguments.IsNull)
        {
            // The context is entered further up on this stack (a loop that runs within a callback), or there is no memory.
            CPython.PyErr_Clear();
            _ = loop.CallSoon(new BorrowedReference(_future), new BorrowedReference(_callback), new BorrowedReference(_context));
            Dispose();
            return default;
        }

        _ = CPython.PyTuple_SetItem(arguments.Borrow(), 0, new NewReference(_context).Steal());
        _ = CPython.PyTuple_SetItem(arguments.Borrow(), 1, new NewReference(_callback).Steal());
        _ = CPython.PyTuple_SetItem(arguments.Borrow(), 2, new NewReference(_future).Steal());
        return arguments;
    }

    /// <summary>Gets (callback, future, context).</summary>
    public NewReference ToTuple()
    {
        using NewReference tuple = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, NewReference.From(Callback));
        PyTuple.Set(tuple.Borrow(), 1, NewReference.From(new BorrowedReference(_future)));
        PyTuple.Set(tuple.Borrow(), 2, NewReference.From(new BorrowedReference(_context)));
        return NewReference.From(tuple.Borrow());
    }

    /// <summary>Calls the callback in this method, and drops the references.</summary>
    /// <returns>False if SystemExit or KeyboardInterrupt is now the current error.</returns>
    public bool Run(LoopTurns loop)
    {
        var future = new BorrowedReference(_future);
        var callback = new BorrowedReference(_callback);
        var context = new BorrowedReference(_context);
        bool ok = true;
        if (CanEnter(context))
        {
            ok = CallbackCall.Make(loop.Reference, future, callback, context);
        }
        else
        {
            _ = loop.CallSoon(future, callback, context);
        }

        Dispose();
        return ok;
    }

    public void Dispose()
    {
        new NewReference(_future).Dispose();
        new NewReference(_callback).Dispose();
        new NewReference(_context).Dispose();
    }

    private static bool CanEnter(BorrowedReference context)
    {
        if (CPython.PyContext_Enter(context) < 0)
        {
            CPython.PyErr_Clear();
            return false;
        }

        _ = CPython.PyContext_Exit(context);
        return true;
    }
}
