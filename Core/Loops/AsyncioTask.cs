using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The class <c>asyncio.Task</c>: its initialiser, and two of its methods without the look-up that a call by name makes. Tasks of other classes are called by name.
/// </summary>
internal sealed unsafe class AsyncioTask
{
    private readonly nint _type;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint, int> _initialize;
    private OwnedReference _done;
    private OwnedReference _result;

    public AsyncioTask()
    {
        BorrowedReference type = WellKnownObjects.Current.TaskType;
        _type = type.Pointer;

        // SAFETY: the slot's signature, https://docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_init; the class lives as long as the interpreter.
        _initialize = (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)CPython.PyType_GetSlot(type, CPython.Py_tp_init);
        _done.Set(CPython.PyObject_GetAttr(type, WellKnownNames.Current.Done.Reference).OrThrow());
        _result.Set(CPython.PyObject_GetAttr(type, WellKnownNames.Current.Result.Reference).OrThrow());
    }

    /// <summary>Allocates a task, without initialising it.</summary>
    public NewReference Allocate() => CPython.PyType_GenericAlloc(new BorrowedReference(_type), 0).OrThrow();

    /// <summary>Initialises an allocated task.</summary>
    /// <returns>False if that has set an exception.</returns>
    public bool TryInitialize(BorrowedReference task, BorrowedReference coroutine, BorrowedReference loop, TaskKeywords keywords)
    {
        using NewReference arguments = CPython.PyTuple_New(1).OrThrow();
        PyTuple.Set(arguments.Borrow(), 0, NewReference.From(coroutine));

        // After the tuple: making one may run the garbage collector (on 3.11), and other threads, which make tasks for their loops with the same keywords.
        int result = _initialize(task.Pointer, arguments.Borrow().Pointer, keywords.For(loop).Pointer);
        ForkedChild.EndIfForked();
        return result == 0;
    }

    /// <summary>True if a future is done.</summary>
    public bool IsDone(BorrowedReference future)
    {
        using NewReference done = (IsOfClass(future) ? _done.Borrow().Call(future) : future.CallMethod(WellKnownNames.Current.Done)).OrThrow();
        return done.Borrow() == InterpreterState.Current.True;
    }

    /// <summary>Calls <c>result()</c> of a future. NULL if that raises.</summary>
    public NewReference ResultOf(BorrowedReference future) =>
        IsOfClass(future) ? _result.Borrow().Call(future) : future.CallMethod(WellKnownNames.Current.Result);

    private bool IsOfClass(BorrowedReference future) => CPython.Py_TYPE(future).Pointer == _type;
}
