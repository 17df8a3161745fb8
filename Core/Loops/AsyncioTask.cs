using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The class <c>asyncio.Task</c>: its initialiser, and two of its methods without the look-up that a call by name makes. The result of a task is read in place if it has one
/// (<see cref="AsyncioFutureLayout"/>). Tasks of other classes are called by name.
/// </summary>
internal sealed unsafe class AsyncioTask
{
    private readonly nint _type;
    private readonly AsyncioFutureLayout _layout;
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
        _layout = FindLayout(type);
    }

    /// <summary>Gets the positional arguments of tasks.</summary>
    public TaskArguments Arguments { get; } = new();

    /// <summary>Allocates a task, without initialising it. NULL if there is no memory.</summary>
    public NewReference Allocate() => CPython.PyType_GenericAlloc(new BorrowedReference(_type), 0);

    /// <summary>Initialises an allocated task.</summary>
    /// <returns>False if that has set an exception.</returns>
    public bool TryInitialize(BorrowedReference task, BorrowedReference arguments, BorrowedReference keywords)
    {
        int result = _initialize(task.Pointer, arguments.Pointer, keywords.Pointer);
        ForkedChild.EndIfForked();
        return result == 0;
    }

    /// <summary>True if a future is done.</summary>
    public bool IsDone(BorrowedReference future)
    {
        if (!ResultInPlace(future).IsNull)
        {
            return true;
        }

        using NewReference done = (IsOfClass(future) ? _done.Borrow().Call(future) : future.CallMethod(WellKnownNames.Current.Done)).OrThrow();
        return done.Borrow() == InterpreterState.Current.True;
    }

    /// <summary>Calls <c>result()</c> of a future. NULL if that raises.</summary>
    public NewReference ResultOf(BorrowedReference future)
    {
        BorrowedReference result = ResultInPlace(future);
        return !result.IsNull ? NewReference.From(result)
            : IsOfClass(future) ? _result.Borrow().Call(future)
            : future.CallMethod(WellKnownNames.Current.Result);
    }

    /// <summary>Probes the layout, if the class is that of asyncio's C implementation: other code, such as nest_asyncio, replaces it by a class with other methods.</summary>
    private static AsyncioFutureLayout FindLayout(BorrowedReference type)
    {
        using NewReference module = CPython.PyImport_GetModule(WellKnownNames.Current["_asyncio"].Reference);
        using NewReference taskType = module.IsNull ? default : module.Borrow().GetAttr(WellKnownNames.Current["Task"]);
        using NewReference futureType = taskType.IsNull ? default : module.Borrow().GetAttr(WellKnownNames.Current["Future"]);
        bool isInC = !futureType.IsNull && taskType.Borrow() == type && CPython.PyType_IsSubtype(type, futureType.Borrow()) != 0;
        PythonErrors.Forget();
        return isInC ? AsyncioFutureLayout.Probe(futureType.Borrow()) : default;
    }

    private BorrowedReference ResultInPlace(BorrowedReference future) => IsOfClass(future) ? _layout.ResultOf(future) : default;

    private bool IsOfClass(BorrowedReference future) => CPython.Py_TYPE(future).Pointer == _type;
}
