namespace PyAsync.Interop;

/// <summary>
/// Keeps C# code from running in a forked child, where .NET's other threads are missing: see forked_child.py, which does it. This prepares the
/// memory that it writes.
/// </summary>
internal sealed unsafe class ForkGuard
{
    /// <summary>Bytes that other threads may allocate while a process forks.</summary>
    private const long NoCollectionFor = 1 << 20;

    // What is told to Python at the next fork: few processes fork, and a module is to be imported quickly.
    private readonly List<(nint Type, string[] Methods, string[] Properties)> _untold = [];
    private OwnedReference _module;
    private bool _isPrepared;
    private bool _holdsOff;

    /// <summary>Needs the GIL.</summary>
    public ForkGuard()
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        _module.Set(PySource.Run(PySource.Embedded(typeof(ForkGuard).Assembly, "fork_guard.py"), "pyasync.fork_guard"));
        using PyObject before = PyFunction.Create("pyasync_before_fork", BeforeFork), after = PyFunction.Create("pyasync_after_fork", LetCollectionsGoOn);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["before_fork"].Reference, before.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["after_fork"].Reference, after.Reference));
    }

    /// <summary>From now on a forked child refuses what its parent's C# code would have done.</summary>
    public static void Install()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No forks.
        }

        PythonTypes types = PythonInterpreter.Current.Types;
        ForkGuard guard = PythonInterpreter.Current.Attachment<ForkGuard>();
        guard.Add(types.ManagedObjectType, []);
        guard.Add(types.Function, ["__call__", "__reduce__"], ["_is_coroutine", "_is_coroutine_marker"]);
        guard.Add(
            types.Future,
            [
                "__await__", "__iter__", "__next__", "add_done_callback", "remove_done_callback", "result", "exception", "done", "cancelled",
                "cancel", "get_loop", "set_result", "set_exception", "_make_cancelled_error", "__class_getitem__",
            ],
            ["_state"]);
        guard.Add(types.Coroutine, ["__next__", "__getattribute__", "send", "throw", "close"]);
        guard.Add(types.Drain, ["__iter__"]);
        guard.Add(types.Callbacks, ["__next__"]);
    }

    /// <summary>Guards a type. Its instances are left in memory when they are dropped: the child is short-lived, and frees nothing of .NET's.</summary>
    /// <param name="typeObject">A heap type.</param>
    /// <param name="methods">Its methods and special methods that are C# code.</param>
    /// <param name="properties">Its properties that are.</param>
    public void Add(BorrowedReference typeObject, string[] methods, string[]? properties = null) =>
        _untold.Add((NewReference.From(typeObject).Take(), methods, properties ?? []));

    /// <summary>In the parent, before each fork: whatever was added since the last is told to Python.</summary>
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
        HoldCollectionsOff();
    }

    private void PrepareChild()
    {
        using NewReference source = PyText.FromString(PySource.Embedded(typeof(ForkGuard).Assembly, "forked_child.py"));
        using NewReference message = PyText.FromString(ForkedChild.Message);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), PythonInterpreter.Current.Names["source"].Reference, source.Borrow()));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), PythonInterpreter.Current.Names["MESSAGE"].Reference, message.Borrow()));
        using NewReference words = List("words");
        Set(words.Borrow(), ForkedChild.Mark, 1);
        ForkedChild.Prepare();
    }

    private NewReference List(string name) => _module.Borrow().GetAttr(PythonInterpreter.Current.Names[name]).OrThrow();

    private void Tell(BorrowedReference typeObject, string[] methods, string[] properties)
    {
        var type = (CPython.PyTypeObject*)typeObject.Pointer;
        bool isAsExpected = type->tp_dealloc == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_dealloc)
            && type->tp_traverse == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_traverse)
            && type->tp_finalize == CPython.PyType_GetSlot(typeObject, CPython.Py_tp_finalize)
            && (type->tp_flags.Value & uint.MaxValue) == CPython.PyType_GetFlags(typeObject);
        if (!isAsExpected)
        {
            return; // A CPython whose types are laid out differently: its memory is not touched.
        }

        bool collected = CPython.PyType_HasFeature(typeObject, CPython.Py_TPFLAGS_HAVE_GC);
        using NewReference words = CPython.PyList_New(0).OrThrow();

        // Functions of CPython's own that take an object and do next to nothing with it: the first takes it off the collector's lists.
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

        // Bound methods that were looked up before the fork: another function of CPython's that takes an object, and refuses it.
        for (var method = (CPython.PyMethodDef*)type->tp_methods; method != null && method->ml_name != null; method++)
        {
            Set(words.Borrow(), &method->ml_meth, CPython.AddressOf("PyNumber_Index"));
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
    /// A child that was forked during a collection waits for its end when it comes back to C#. Where it will come back, since C# code has called
    /// the code that forks, there is to be none.
    /// </summary>
    private void HoldCollectionsOff()
    {
        // This is C# code that Python has called, too.
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
            // Somebody else holds them off already.
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
            // Other threads have allocated more than was set aside for it.
        }
    }

    private static void Set(BorrowedReference words, void* slot, nint value) => Word(words, slot, keep: 0, value);

    /// <summary>Notes a word of memory, the bits of it that are kept, and those that are set.</summary>
    private static void Word(BorrowedReference words, void* address, nuint keep, nint set)
    {
        // SAFETY: the address is of a word of a type, and types of ours live as long as the interpreter.
        using NewReference bytes = CPython.PyMemoryView_FromMemory(address, sizeof(nint), CPython.PyBUF_WRITE).OrThrow();
        using NewReference format = PyText.FromString("N");
        using NewReference word = bytes.Borrow().CallMethod(PythonInterpreter.Current.Names["cast"], format.Borrow()).OrThrow();
        using NewReference entry = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(entry.Borrow(), 0, NewReference.From(word.Borrow()));
        PyTuple.Set(entry.Borrow(), 1, PyConvert.UInt64.ToReference(keep));
        PyTuple.Set(entry.Borrow(), 2, PyConvert.UInt64.ToReference((nuint)set));
        PythonErrors.ThrowIfNegative(CPython.PyList_Append(words, entry.Borrow()));
    }

    private static NewReference Names(string[] methods, string[] properties)
    {
        (string Name, bool IsProperty)[] names = [.. methods.Select(static name => (name, false)), .. properties.Select(static name => (name, true))];
        return PyConvert.Array(PyConvert.Tuple(PyConvert.String, PyConvert.Boolean)).ToReference(names);
    }
}
