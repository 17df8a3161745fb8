using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// Recognises the callback by which an asyncio task waits for a future: the task's own wake-up, written in C (<c>_asyncio.Task</c>) or in Python
/// (<c>asyncio.tasks._PyTask</c>, which nest_asyncio makes the default). A wake-up raises nothing but SystemExit and KeyboardInterrupt. The GIL guards it.
/// </summary>
internal sealed class TaskWakeUp
{
    private readonly nint _methodType = CPython.Static("PyMethod_Type").Pointer;
    private ImportedObject _taskType = new("_asyncio", "Task");
    private ImportedObject _pythonTaskType = new("asyncio.tasks", "_PyTask");
    private OwnedReference _pythonWakeUp;

    // The address of the C function of all wake-ups; 0 until the first one was found.
    private nint _function;

    public static TaskWakeUp Current => InterpreterState.Current.Attachment<TaskWakeUp>();

    /// <summary>Gets the task that a callback wakes; NULL if the callback is not a wake-up of a task.</summary>
    public BorrowedReference TaskOf(BorrowedReference callback)
    {
        BorrowedReference type = CPython.Py_TYPE(callback);
        if (type == WellKnownObjects.Current.BuiltinFunctionType)
        {
            nint function = CPython.PyCFunction_GetFunction(callback);
            return function == _function || (_function == 0 && Learn(callback, function)) ? CPython.PyCFunction_GetSelf(callback) : default;
        }

        return type.Pointer == _methodType && CPython.PyMethod_Function(callback) == PythonWakeUp() ? CPython.PyMethod_Self(callback) : default;
    }

    /// <summary>True if the callback wakes a task whose cancellation was requested (<c>Task.cancelling()</c>).</summary>
    public bool IsOfCancelledTask(BorrowedReference callback)
    {
        BorrowedReference task = TaskOf(callback);
        if (task.IsNull)
        {
            return false;
        }

        using NewReference requests = task.CallMethod(WellKnownNames.Current.Cancelling);
        if (requests.IsNull)
        {
            PythonErrors.Forget();
            return false;
        }

        return CPython.PyObject_IsTrue(requests.Borrow()) == 1;
    }

    /// <summary>Learns the wake-up function. Methods of tasks that users add as callbacks (<c>task.cancel</c>) have the same type, but other names.</summary>
    private bool Learn(BorrowedReference callback, nint function)
    {
        BorrowedReference self = CPython.PyCFunction_GetSelf(callback);
        if (self.IsNull || CPython.PyType_IsSubtype(CPython.Py_TYPE(self), _taskType.Value) == 0)
        {
            return false;
        }

        using NewReference name = callback.GetAttr(WellKnownNames.Current.Name);
        if (name.IsNull)
        {
            PythonErrors.Forget();
            return false;
        }

        if (PyText.ToString(name.Borrow()) != "task_wakeup")
        {
            return false;
        }

        _function = function;
        return true;
    }

    /// <summary>Gets <c>_PyTask.__wakeup</c>; None if asyncio no longer has it.</summary>
    private BorrowedReference PythonWakeUp()
    {
        if (_pythonWakeUp.IsNull)
        {
            NewReference found = _pythonTaskType.Value.GetAttr(WellKnownNames.Current["_Task__wakeup"]);
            if (found.IsNull)
            {
                PythonErrors.Forget();
                found = NewReference.From(InterpreterState.Current.None);
            }

            _pythonWakeUp.Set(found);
        }

        return _pythonWakeUp.Borrow();
    }
}
