using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// Keeps C# code from running in a forked child, where .NET's other threads are missing. forked_child.py does the work; this class prepares the memory that it writes.
/// </summary>
internal sealed unsafe class ForkGuard
{
    /// <summary>The bytes that other threads may allocate while a process forks.</summary>
    private const long NoCollectionFor = 1 << 20;

    // Passed to Python at the next fork: few processes fork, and the import of a module must be fast.
    private readonly List<(nint Type, string[] Methods, string[] Properties)> _untold = [];
    private OwnedReference _module;
    private bool _isPrepared;
    private bool _restoresTasks;
    private bool _holdsOff;

    /// <summary>Registers the hooks. Needs the GIL.</summary>
    public ForkGuard()
    {
        WellKnownNames names = WellKnownNames.Current;
        _module.Set(PySource.Run(PySource.Embedded(typeof(ForkGuard).Assembly, "fork_guard.py"), "pyasync.fork_guard"));
        using PyObject before = PyFunction.Create("pyasync_before_fork", BeforeFork), after = PyFunction.Create("pyasync_after_fork", LetCollectionsGoOn);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["before_fork"].Reference, before.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["after_fork"].Reference, after.Reference));
    }

    /// <summary>Makes C# code raise an error in forked children from now on.</summary>
    public static void Install()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No forks.
        }

        ForkGuard guard = InterpreterState.Current.Attachment<ForkGuard>();
        guard.Add(ManagedObject.Type, []);
        guard.Add(FunctionType.Type, ["__call__", "__reduce__"], ["__code__", "__defaults__", "__kwdefaults__", "_is_coroutine", "_is_coroutine_marker"]);
        guard.Add(
            FutureType.Type,
            [
                "__await__", "__iter__", "__next__", "add_done_callback", "remove_done_callback", "result", "exception", "done", "cancelled",
                "cancel", "get_loop", "set_result", "set_exception", "_make_cancelled_error", "__class_getitem__",
            ],
            ["_state", "_log_traceback", "_cancel_message", "_callbacks", "_asyncio_awaited_by", "_source_traceback"]);
        guard.Add(FutureIteratorType.Type, ["__next__", "send", "throw", "close"], ["cr_frame", "cr_await"]);
        guard.Add(CoroutineStartType.Type, ["__await__"]);
        guard.Add(DrainTypes.Drain, ["__iter__"]);
        guard.Add(DrainTypes.Callbacks, ["__next__"]);
    }

    /// <summary>Guards a type. Its instances are not freed in the child: the child is short-lived, and cannot free .NET's objects.</summary>
    /// <param name="typeObject">A heap type.</param>
    /// <param name="methods">Its methods and special methods that are C# code.</param>
    /// <param name="properties">Its properties that are C# code.</param>
    public void Add(BorrowedReference typeObject, string[] methods, string[]? properties = null) =>
        _untold.Add((NewReference.From(typeObject).Take(), methods, properties ?? []));

    /// <summary>Called in the parent, before each fork: passes the entries that were added since the last fork to Python.</summary>
    private void BeforeFork()
    {
        if (!_isPrepared)
        {
            _isPrepared = true;
            PrepareChild();
        }

        foreach ((nint type, string[] methods, string[] properties) in _untold)
        {
            using var owned = new NewReference(type);
            Tell(owned.Borrow(), methods, properties);
        }

        _untold.Clear();
        RestoreTasks();
        HoldCollectionsOff();
    }

    /// <summary>Restores in a child the task that forked it, once asyncio is imported: see forked_task.py.</summary>
    private void RestoreTasks()
    {
        if (_restoresTasks || CPython.Minor < 14)
        {
            return;
        }

        using NewReference name = PyText.FromString("asyncio.tasks");
        BorrowedReference tasks = CPython.PyDict_GetItemWithError(CPython.PyImport_GetModuleDict(), name.Borrow());
        if (tasks.IsNull)
        {
            return;
        }

        using NewReference enter = tasks.GetAttr(WellKnownNames.Current["_enter_task"]);
        if (enter.IsNull)
        {
            PythonErrors.Forget(); // Another thread is importing it.
            return;
        }

        _restoresTasks = true;
        PySource.Run(PySource.Embedded(typeof(ForkGuard).Assembly, "forked_task.py"), "pyasync.forked_task").Dispose();
    }

    private void PrepareChild()
    {
        using NewReference source = PyText.FromString(PySource.Embedded(typeof(ForkGuard).Assembly, "forked_child.py"));
        using NewReference message = PyText.FromString(ForkedChild.Message);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), WellKnownNames.Current["source"].Reference, source.Borrow()));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), WellKnownNames.Current["MESSAGE"].Reference, message.Borrow()));
        using NewReference words = List("words");
        Set(words.Borrow(), ForkedChild.Mark, 1);
        ForkedChild.Prepare();
    }

    private NewReference List(string name) => _module.Borrow().GetAttr(WellKnownNames.Current[name]).OrThrow();

    private void Tell(BorrowedReference typeObject, string[] methods, string[] properties)
    {
        var type = (CPython.PyTypeObject*)typeObject.Pointer;
        bool isAsExpected = type->tp_dealloc == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_dealloc)
            && type->tp_traverse == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_traverse)
            && type->tp_finalize == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_finalize)
            && (type->tp_flags.Value & uint.MaxValue) == CPython.PyType_GetFlags(typeObject);
        if (!isAsExpected)
        {
            return; // The layout of this CPython's types differs: their memory is not changed.
        }

        bool collected = CPython.PyType_HasFeature(typeObject, CPython.Py_TPFLAGS_HAVE_GC);
        using NewReference words = CPython.PyList_New(0).OrThrow();

        // CPython functions that take an object and have hardly any effect: the first one untracks it from the garbage collector.
        Set(words.Borrow(), &type->tp_dealloc, CPython.AddressOf(collected ? "PyObject_GC_UnTrack" : "PyIndex_Check"));
        if (collected)
        {
            Set(words.Borrow(), &type->tp_traverse, CPython.AddressOf("PyIndex_Check"));
            Set(words.Borrow(), &type->tp_clear, 0);
            Set(words.Borrow(), &type->tp_finalize, 0);
        }

        if (type->tp_as_async != null && type->tp_as_async->am_send != null)
        {
            Set(words.Borrow(), &type->tp_as_async->am_send, 0);
        }

        // Bound methods that were looked up before the fork: replaced by another CPython function, which takes an object and raises an error.
        for (var method = (CPython.PyMethodDef*)type->tp_methods; method != null && method->ml_name != null; method++)
        {
            Set(words.Borrow(), &method->ml_meth, CPython.AddressOf("PyNumber_Index"));
        }

        // Python code cannot replace this one property: assigning to it changes the type of the type.
        for (var property = (CPython.PyGetSetDef*)type->tp_getset; property != null && property->name != null; property++)
        {
            if (Marshal.PtrToStringUTF8((nint)property->name) == "__class__")
            {
                Set(words.Borrow(), &property->get, CPython.AddressOf("PyObject_Type"));
                Set(words.Borrow(), &property->set, 0);
            }
        }

        // Without the flag a call goes through __call__.
        Word(words.Borrow(), &type->tp_flags, ~(nuint)CPython.Py_TPFLAGS_HAVE_VECTORCALL, 0);
        using NewReference names = Names(methods, properties);
        using NewReference entry = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(entry.Borrow(), 0, NewReference.From(typeObject));
        PyTuple.Set(entry.Borrow(), 1, NewReference.From(words.Borrow()));
        PyTuple.Set(entry.Borrow(), 2, NewReference.From(names.Borrow()));
        using NewReference types = List("types");
        PythonErrors.ThrowIfNegative(CPython.PyList_Append(types.Borrow(), entry.Borrow()));
    }

    /// <summary>
    /// Prevents a garbage collection during a fork, if the child returns to C# code that has called the forking code: a child that was forked during a
    /// collection would wait for the end of that collection when it returns to C#.
    /// </summary>
    private void HoldCollectionsOff()
    {
        // This method is itself C# code that Python has called.
        if (EntryFromPython.CurrentDepth < 2)
        {
            return;
        }

        try
        {
            _holdsOff = GC.TryStartNoGCRegion(NoCollectionFor);
        }
        catch (InvalidOperationException)
        {
            // Other code prevents collections already.
        }
    }

    private void LetCollectionsGoOn()
    {
        if (!_holdsOff)
        {
            return;
        }

        _holdsOff = false;
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // Other threads have allocated more than the reserved memory.
        }
    }

    private static void Set(BorrowedReference words, void* slot, nint value) => Word(words, slot, keep: 0, value);

    /// <summary>Records a word of memory, the bits of it to keep, and the bits to set.</summary>
    private static void Word(BorrowedReference words, void* address, nuint keep, nint set)
    {
        // SAFETY: the address is that of a word of a type, and types of this library live as long as the interpreter.
        using NewReference bytes = CPython.PyMemoryView_FromMemory(address, sizeof(nint), CPython.PyBUF_WRITE).OrThrow();
        using NewReference format = PyText.FromString("N");
        using NewReference word = bytes.Borrow().CallMethod(WellKnownNames.Current["cast"], format.Borrow()).OrThrow();
        using NewReference entry = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(entry.Borrow(), 0, NewReference.From(word.Borrow()));
        PyTuple.Set(entry.Borrow(), 1, PyConvert.UInt64.ToReference(keep));
        PyTuple.Set(entry.Borrow(), 2, PyConvert.UInt64.ToReference((nuint)set));
        PythonErrors.ThrowIfNegative(CPython.PyList_Append(words, entry.Borrow()));
    }

    private static NewReference Names(string[] methods, string[] properties)
    {
        (string Name, bool IsProperty)[] names =
            [.. Array.ConvertAll(methods, static name => (name, false)), .. Array.ConvertAll(properties, static name => (name, true))];
        return PyConvert.Array(PyConvert.Tuple(PyConvert.String, PyConvert.Boolean)).ToReference(names);
    }
}
