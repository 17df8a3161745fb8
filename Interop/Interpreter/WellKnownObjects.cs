namespace PyAsync.Interop;

/// <summary>
/// The objects that the bridge needs all the time. C globals live as long as the interpreter; what is imported is
/// imported at first use and kept. The GIL guards the lot.
/// </summary>
internal sealed class WellKnownObjects
{
    private readonly nint _none = CPython.Static("_Py_NoneStruct").Pointer;
    private readonly nint _true = CPython.Static("_Py_TrueStruct").Pointer;
    private readonly nint _false = CPython.Static("_Py_FalseStruct").Pointer;
    private readonly nint _coroutineType = CPython.Static("PyCoro_Type").Pointer;
    private readonly nint _integerType = CPython.Static("PyLong_Type").Pointer;
    private readonly nint _floatType = CPython.Static("PyFloat_Type").Pointer;
    private readonly nint _setType = CPython.Static("PySet_Type").Pointer;
    private readonly nint _frozenSetType = CPython.Static("PyFrozenSet_Type").Pointer;
    private readonly nint _byteArrayType = CPython.Static("PyByteArray_Type").Pointer;
    private readonly nint _builtinFunctionType = CPython.Static("PyCFunction_Type").Pointer;
    private readonly nint _memoryViewType = CPython.Static("PyMemoryView_Type").Pointer;

    /// <summary>So many of the plain types refer to nothing: the first ones.</summary>
    private const int Atoms = 6;

    private readonly nint[] _plainTypes =
    [
        CPython.Py_TYPE(CPython.Static("_Py_NoneStruct")).Pointer,
        CPython.Static("PyLong_Type").Pointer,
        CPython.Static("PyUnicode_Type").Pointer,
        CPython.Static("PyBool_Type").Pointer,
        CPython.Static("PyFloat_Type").Pointer,
        CPython.Static("PyBytes_Type").Pointer,
        CPython.Static("PyDict_Type").Pointer,
        CPython.Static("PyList_Type").Pointer,
        CPython.Static("PyTuple_Type").Pointer,
    ];

    private readonly Dictionary<string, nint> _globals = [];
    private OwnedReference _contextKeyword;
    private ImportedObject _taskType = new("asyncio", "Task");
    private ImportedObject _cancelledError = new("asyncio", "CancelledError");
    private ImportedObject _invalidStateError = new("asyncio", "InvalidStateError");
    private readonly Dictionary<(string Module, string Attribute), OwnedReference> _imported = [];

    public BorrowedReference None => new(_none);

    public BorrowedReference True => new(_true);

    public BorrowedReference False => new(_false);

    public BorrowedReference CoroutineType => new(_coroutineType);

    public BorrowedReference IntegerType => new(_integerType);

    public BorrowedReference FloatType => new(_floatType);

    public BorrowedReference SetType => new(_setType);

    public BorrowedReference FrozenSetType => new(_frozenSetType);

    public BorrowedReference ByteArrayType => new(_byteArrayType);

    public BorrowedReference MemoryViewType => new(_memoryViewType);

    /// <summary>That of functions and bound methods that are written in C.</summary>
    public BorrowedReference BuiltinFunctionType => new(_builtinFunctionType);

    /// <summary><c>asyncio.Task</c>.</summary>
    public BorrowedReference TaskType => _taskType.Value;

    /// <summary>The names tuple of a call with the one keyword <c>context</c>.</summary>
    public BorrowedReference ContextKeyword
    {
        get
        {
            if (_contextKeyword.IsNull)
            {
                using NewReference tuple = CPython.PyTuple_New(1).OrThrow();
                PyTuple.Set(tuple.Borrow(), 0, NewReference.From(PythonInterpreter.Current.Names["context"].Reference));
                _contextKeyword.Set(NewReference.From(tuple.Borrow()));
            }

            return _contextKeyword.Borrow();
        }
    }

    public BorrowedReference CancelledError => _cancelledError.Value;

    public BorrowedReference InvalidStateError => _invalidStateError.Value;

    /// <summary>One of CPython's own exception types, by its Python name.</summary>
    public BorrowedReference Exception(string name)
    {
        if (!_globals.TryGetValue(name, out nint pointer))
        {
            pointer = CPython.Global("PyExc_" + name).Pointer;
            _globals[name] = pointer;
        }

        return new BorrowedReference(pointer);
    }

    /// <summary>Whether an object is of one of Python's own types of values, and of no class derived from it: it has no attributes but theirs.</summary>
    public bool IsPlainValue(BorrowedReference o) => _plainTypes.AsSpan().Contains(CPython.Py_TYPE(o).Pointer);

    /// <summary>Whether an object is a plain value that refers to no other object.</summary>
    public bool IsAtom(BorrowedReference o) => o == None || _plainTypes.AsSpan(0, Atoms).Contains(CPython.Py_TYPE(o).Pointer);

    /// <summary>An attribute of a module, imported once and kept: <c>Import("decimal", "Decimal")</c>.</summary>
    public BorrowedReference Import(string module, string attribute)
    {
        if (!_imported.TryGetValue((module, attribute), out OwnedReference found))
        {
            using NewReference moduleName = PyText.FromString(module);
            using NewReference attributeName = PyText.FromString(attribute);
            using NewReference imported = CPython.PyImport_Import(moduleName.Borrow()).OrThrow();
            found.Set(CPython.PyObject_GetAttr(imported.Borrow(), attributeName.Borrow()).OrThrow());
            _imported[(module, attribute)] = found;
        }

        return found.Borrow();
    }
}
