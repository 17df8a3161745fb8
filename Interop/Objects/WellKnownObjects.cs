namespace PyAsync.Objects;

/// <summary>
/// The objects that the bridge uses often. C globals live as long as the interpreter; other objects are imported at first use and kept. The GIL guards all of them.
/// </summary>
internal sealed class WellKnownObjects
{
    private static WellKnownObjects? s_current;

    private readonly nint _coroutineType = CPython.Static("PyCoro_Type").Pointer;
    private readonly nint _integerType = CPython.Static("PyLong_Type").Pointer;
    private readonly nint _booleanType = CPython.Static("PyBool_Type").Pointer;
    private readonly nint _stringType = CPython.Static("PyUnicode_Type").Pointer;
    private readonly nint _bytesType = CPython.Static("PyBytes_Type").Pointer;
    private readonly nint _listType = CPython.Static("PyList_Type").Pointer;
    private readonly nint _tupleType = CPython.Static("PyTuple_Type").Pointer;
    private readonly nint _dictType = CPython.Static("PyDict_Type").Pointer;
    private readonly nint _floatType = CPython.Static("PyFloat_Type").Pointer;
    private readonly nint _setType = CPython.Static("PySet_Type").Pointer;
    private readonly nint _frozenSetType = CPython.Static("PyFrozenSet_Type").Pointer;
    private readonly nint _byteArrayType = CPython.Static("PyByteArray_Type").Pointer;
    private readonly nint _builtinFunctionType = CPython.Static("PyCFunction_Type").Pointer;
    private readonly nint _memoryViewType = CPython.Static("PyMemoryView_Type").Pointer;

    /// <summary>The number of plain types whose values refer to nothing: the first ones.</summary>
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
    private ImportedObject _futureType = new("asyncio", "Future");
    private ImportedObject _taskType = new("asyncio", "Task");
    private ImportedObject _cancelledError = new("asyncio", "CancelledError");
    private ImportedObject _invalidStateError = new("asyncio", "InvalidStateError");
    private readonly Dictionary<(string Module, string Attribute), OwnedReference> _imported = [];

    /// <summary>Gets the objects of the running interpreter.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    public static WellKnownObjects Current => s_current ?? InterpreterState.Current.Attachment<WellKnownObjects>();

    /// <summary>Creates the objects of an interpreter that has just been initialised or joined.</summary>
    public static void Begin() => s_current = InterpreterState.Current.Attachment<WellKnownObjects>();

    public ObjectSizes Sizes { get; } = new();

    public BorrowedReference CoroutineType => new(_coroutineType);

    public BorrowedReference IntegerType => new(_integerType);

    public BorrowedReference BooleanType => new(_booleanType);

    public BorrowedReference StringType => new(_stringType);

    public BorrowedReference BytesType => new(_bytesType);

    public BorrowedReference ListType => new(_listType);

    public BorrowedReference TupleType => new(_tupleType);

    public BorrowedReference DictType => new(_dictType);

    public BorrowedReference FloatType => new(_floatType);

    public BorrowedReference SetType => new(_setType);

    public BorrowedReference FrozenSetType => new(_frozenSetType);

    public BorrowedReference ByteArrayType => new(_byteArrayType);

    public BorrowedReference MemoryViewType => new(_memoryViewType);

    /// <summary>Gets the type of functions and bound methods that are written in C.</summary>
    public BorrowedReference BuiltinFunctionType => new(_builtinFunctionType);

    /// <summary><c>asyncio.Future</c>.</summary>
    public BorrowedReference FutureType => _futureType.Value;

    /// <summary><c>asyncio.Task</c>.</summary>
    public BorrowedReference TaskType => _taskType.Value;

    /// <summary>Gets the names tuple of a call with the one keyword <c>context</c>.</summary>
    public BorrowedReference ContextKeyword
    {
        get
        {
            if (_contextKeyword.IsNull)
            {
                using NewReference tuple = CPython.PyTuple_New(1).OrThrow();
                PyTuple.Set(tuple.Borrow(), 0, NewReference.From(WellKnownNames.Current["context"].Reference));
                _contextKeyword.Set(NewReference.From(tuple.Borrow()));
            }

            return _contextKeyword.Borrow();
        }
    }

    public BorrowedReference CancelledError => _cancelledError.Value;

    /// <summary>Gets the type without an import; NULL if asyncio has not been imported: then no exception is a CancelledError.</summary>
    public BorrowedReference CancelledErrorIfImported
    {
        get
        {
            if (_cancelledError.IsImported)
            {
                return _cancelledError.Value;
            }

            using NewReference module = CPython.PyImport_GetModule(WellKnownNames.Current["asyncio.exceptions"].Reference);
            using NewReference type = module.IsNull ? default : module.Borrow().GetAttr(WellKnownNames.Current["CancelledError"]);
            if (type.IsNull)
            {
                PythonErrors.Forget();
                return default;
            }

            return type.Borrow(); // The module keeps it alive.
        }
    }

    public BorrowedReference InvalidStateError => _invalidStateError.Value;

    /// <summary>Gets one of CPython's exception types, by its Python name.</summary>
    public BorrowedReference Exception(string name)
    {
        if (!_globals.TryGetValue(name, out nint pointer))
        {
            pointer = CPython.Global("PyExc_" + name).Pointer;
            _globals[name] = pointer;
        }

        return new BorrowedReference(pointer);
    }

    /// <summary>True if an object is of a builtin type of values, and not of a derived class: it has only the attributes of that type.</summary>
    public bool IsPlainValue(BorrowedReference o) => _plainTypes.AsSpan().Contains(CPython.Py_TYPE(o).Pointer);

    /// <summary>True if an object is a plain value that refers to no other object.</summary>
    public bool IsAtom(BorrowedReference o) => o == InterpreterState.Current.None || _plainTypes.AsSpan(0, Atoms).Contains(CPython.Py_TYPE(o).Pointer);

    /// <summary>Gets an attribute of a module, imported once and kept: <c>Import("decimal", "Decimal")</c>.</summary>
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

    /// <summary>Gets an attribute as <see cref="Import"/> does, if the module is imported; else NULL, because no instance of its types exists yet.</summary>
    public BorrowedReference FindImported(string module, string attribute)
    {
        if (_imported.TryGetValue((module, attribute), out OwnedReference known))
        {
            return known.Borrow();
        }

        using NewReference imported = CPython.PyImport_GetModule(WellKnownNames.Current[module].Reference);
        if (imported.IsNull)
        {
            return default;
        }

        using NewReference found = imported.Borrow().GetAttr(WellKnownNames.Current[attribute]);
        if (found.IsNull)
        {
            PythonErrors.Forget(); // The module is being imported.
            return default;
        }

        OwnedReference kept = default;
        kept.Set(NewReference.From(found.Borrow()));
        _imported[(module, attribute)] = kept;
        return kept.Borrow();
    }
}
