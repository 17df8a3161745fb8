using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// The data of a <c>pyasync.Future</c> that asyncio's call graphs (<c>capture_call_graph</c>, <c>print_call_graph</c>, from 3.14 on) read. On the
/// loop's thread, with the GIL held.
/// </summary>
internal sealed unsafe class CallGraph
{
    private OwnedReference _frame;

    public CallGraph()
    {
        using NewReference module = PySource.Run(PySource.Embedded(typeof(CallGraph).Assembly, "call_graph.py"), "pyasync.call_graph");
        _frame.Set(module.Borrow().GetAttr(WellKnownNames.Current["Frame"]).OrThrow());
    }

    /// <summary>Gets a set of the tasks that await a future, or None. Callbacks of other kinds (<c>gather</c>, <c>wait</c>) do not show their awaiter.</summary>
    public static NewReference AwaitedBy(FutureLayout* future)
    {
        using NewReference tasks = CPython.PySet_New(default).OrThrow();
        bool isEmpty = !Add(tasks.Borrow(), future->Callback);
        nint count = future->MoreCallbacks.IsNull ? 0 : CPython.PyList_Size(future->MoreCallbacks.Borrow());
        for (nint i = 0; i < count; i++)
        {
            isEmpty &= !Add(tasks.Borrow(), CPython.PyTuple_GetItem(CPython.PyList_GetItem(future->MoreCallbacks.Borrow(), i), 0));
        }

        return NewReference.From(isEmpty ? InterpreterState.Current.None : tasks.Borrow());
    }

    /// <summary>Gets an object like a frame that names the C# method behind a future; None if the method is not known, or has ended.</summary>
    public static NewReference FrameOf(FutureLayout* future)
    {
        if (FutureObject.SourceOf(future)?.MethodName is not { } name)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        using NewReference text = PyText.FromString(name);
        return InterpreterState.Current.Attachment<CallGraph>()._frame.Borrow().Call(text.Borrow()).OrThrow();
    }

    private static bool Add(BorrowedReference tasks, OwnedReference callback) => !callback.IsNull && Add(tasks, callback.Borrow());

    private static bool Add(BorrowedReference tasks, BorrowedReference callback)
    {
        BorrowedReference task = TaskWakeUp.Current.TaskOf(callback);
        if (task.IsNull)
        {
            return false;
        }

        PythonErrors.ThrowIfNegative(CPython.PySet_Add(tasks, task));
        return true;
    }
}
