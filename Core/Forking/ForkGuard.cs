using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Forking;

/// <summary>
/// Keeps C# code from running in a forked child, where .NET's other threads are missing. forked_child.py does the work; this class prepares the memory that it writes.
/// </summary>
/// <remarks>The types register themselves in <see cref="ManagedTypes"/>. Their instances are not freed in the child, which is short-lived and cannot free .NET's objects.</remarks>
internal sealed unsafe class ForkGuard
{
    /// <summary>The bytes that other threads may allocate while a process forks.</summary>
    private const long NoCollectionFor = 1 << 20;

    private OwnedReference _module;
    private bool _isPrepared;
    private bool _restoresTasks;
    private bool _holdsOff;

    /// <summary>Registers the hooks. Needs the GIL.</summary>
    public ForkGuard()
    {
        WellKnownNames names = WellKnownNames.Current;
        _module.Set(PySource.Run(PySource.Embedded(typeof(ForkGuard).Assembly, "fork_guard.py"), "pyasync.fork_guard"));
        using PyObject before = PyFunction.Create("pyasync_before_fork", BeforeFork), after = PyFunction.Create("pyasync_after_fork", AllowCollections);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["before_fork"].Reference, before.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), names["after_fork"].Reference, after.Reference));
        using NewReference register = Get("register"), hooks = Get("hooks"), arguments = CPython.PyTuple_New(0);
        CPython.PyObject_Call(register.Borrow(), arguments.Borrow(), hooks.Borrow()).OrThrow().Dispose();
    }

    /// <summary>Makes C# code raise an error in forked children from now on. From any thread. Called by the code that starts Python or joins it.</summary>
    public static void Install()
    {
        // Windows has no forks.
        if (!OperatingSystem.IsWindows() && InterpreterState.Current.FindAttachment<ForkGuard>() is null)
        {
            using AttachScope scope = PythonThread.Attach();
            InterpreterState.Current.Attachment<ForkGuard>();
        }
    }

    /// <summary>
    /// Called in the parent, before each fork. The first call passes all types to Python: not earlier, because few processes fork, and the import of a module must
    /// be fast. From then on a type is passed when it is created, since other threads may create one between this call and the fork.
    /// </summary>
    private void BeforeFork()
    {
        if (!_isPrepared)
        {
            _isPrepared = true;
            PrepareChild();
            ManagedTypes.Current.ForEach(Disarm);
        }

        RestoreTasks();
        PassCallbacks();
        HoldCollectionsOff();
    }

    /// <summary>Gives the child the callbacks of futures that have just completed: C# code would run them, which the child does not have.</summary>
    private void PassCallbacks()
    {
        // Without a registry there is no loop; making one would import asyncio, between the hooks of this fork.
        if (InterpreterState.Current.FindAttachment<LoopRegistry>()?.Running(null) is not { Ready.IsEmpty: false } loop)
        {
            return;
        }

        using NewReference callbacks = loop.Ready.ListOfCallbacks();
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), WellKnownNames.Current["loop"].Reference, loop.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(_module.Borrow(), WellKnownNames.Current["callbacks"].Reference, callbacks.Borrow()));
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
        using NewReference words = Get("words");
        Set(words.Borrow(), ForkedChild.Mark, 1);
        ForkedChild.Prepare();
    }

    private NewReference Get(string name) => _module.Borrow().GetAttr(WellKnownNames.Current[name]).OrThrow();

    /// <summary>Prepares the changes of a type that the child makes.</summary>
    private void Disarm(ManagedType managed)
    {
        using var owned = new NewReference(managed.Type);
        BorrowedReference typeObject = owned.Borrow();
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

        if (type->tp_as_buffer != null && type->tp_as_buffer->bf_getbuffer != null)
        {
            Set(words.Borrow(), &type->tp_as_buffer->bf_getbuffer, 0); // From 3.12 on, the attribute __buffer__ replaces it.
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
        using NewReference names = Names(managed);
        using NewReference entry = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(entry.Borrow(), 0, NewReference.From(typeObject));
        PyTuple.Set(entry.Borrow(), 1, NewReference.From(words.Borrow()));
        PyTuple.Set(entry.Borrow(), 2, NewReference.From(names.Borrow()));
        using NewReference types = Get("types");
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

    private void AllowCollections()
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

    private static NewReference Names(ManagedType managed)
    {
        // An assignment to __class__ would change the type of the type: Disarm changes that property in place.
        (string Name, bool IsProperty)[] names =
        [
            .. Array.ConvertAll(managed.Methods, static name => (name, false)),
            .. Array.ConvertAll(Array.FindAll(managed.Properties, static name => name != "__class__"), static name => (name, true)),
        ];
        return PyConvert.Array(PyConvert.Tuple(PyConvert.String, PyConvert.Boolean)).ToReference(names);
    }
}
