using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// asyncio's books of tasks: which is current, which there are. What asyncio's documented hooks for third-party tasks do
/// (https://docs.python.org/3/library/asyncio-extending.html) is done to the same dictionary and the same set, without the calls: at each
/// coroutine they would be a good part of what it costs. For 3.10 and 3.11 only, whose books change no more; that they are kept as
/// expected is tried out once.
/// </summary>
internal sealed class TaskRegistry
{
    private OwnedReference _current;
    private OwnedReference _unregister;
    private OwnedReference _all;
    private OwnedReference _remove;

    /// <summary>Needs the GIL, as every member.</summary>
    public TaskRegistry()
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        _current.Set(NewReference.From(objects.Import("asyncio.tasks", "_current_tasks")));
        _unregister.Set(NewReference.From(objects.Import("asyncio.tasks", "_unregister_task")));
        using NewReference all = Part("data");
        using NewReference remove = Part("_remove");
        _all.Set(NewReference.From(all.Borrow()));
        _remove.Set(NewReference.From(remove.Borrow()));
    }

    /// <summary>Whether the books are as 3.10 and 3.11 have them.</summary>
    public static bool IsSupported
    {
        get
        {
            using NewReference data = Part("data");
            using NewReference remove = Part("_remove");
            return !data.IsNull && !remove.IsNull && data.Borrow().IsInstanceOfExactly(PythonInterpreter.Current.Objects.SetType) && CurrentTaskIsInDictionary();
        }
    }

    /// <summary>Makes the task the current one of the loop; false if another is.</summary>
    public bool TryEnter(BorrowedReference loop, BorrowedReference task)
    {
        BorrowedReference current = CPython.PyDict_SetDefault(_current.Borrow(), loop, task);
        if (current.IsNull)
        {
            throw PythonErrors.Take();
        }

        return current == task;
    }

    /// <summary>The loop has no current task any more.</summary>
    public void Leave(BorrowedReference loop)
    {
        if (CPython.PyDict_DelItem(_current.Borrow(), loop) < 0)
        {
            PythonErrors.Forget(); // Somebody has left for us.
        }
    }

    /// <summary>Takes out a task that asyncio has entered.</summary>
    public void Unregister(BorrowedReference task)
    {
        using NewReference result = _unregister.Borrow().Call(task).OrThrow();
    }

    /// <summary>A weak reference to enter and to take out the task by, often.</summary>
    public NewReference Entry(BorrowedReference task) => CPython.PyWeakref_NewRef(task, _remove.Borrow()).OrThrow();

    public void Add(BorrowedReference entry) => PythonErrors.ThrowIfNegative(CPython.PySet_Add(_all.Borrow(), entry));

    public void Remove(BorrowedReference entry) => PythonErrors.ThrowIfNegative(CPython.PySet_Discard(_all.Borrow(), entry));

    /// <summary>What the hook enters must be what is found in the dictionary, and what it takes out must be gone.</summary>
    private static bool CurrentTaskIsInDictionary()
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        BorrowedReference current = objects.Import("asyncio.tasks", "_current_tasks");

        // Any two objects will do.
        BorrowedReference loop = objects.SetType;
        BorrowedReference task = objects.FloatType;
        using NewReference entered = objects.Import("asyncio.tasks", "_enter_task").Call(loop, task).OrThrow();
        bool isThere = CPython.PyDict_GetItemWithError(current, loop) == task;
        using NewReference left = objects.Import("asyncio.tasks", "_leave_task").Call(loop, task).OrThrow();
        return isThere && CPython.PyDict_GetItemWithError(current, loop).IsNull;
    }

    private static NewReference Part(string name)
    {
        NewReference part = PythonInterpreter.Current.Objects.Import("asyncio.tasks", "_all_tasks").GetAttr(PythonInterpreter.Current.Names[name]);
        if (part.IsNull)
        {
            PythonErrors.Forget();
        }

        return part;
    }
}
