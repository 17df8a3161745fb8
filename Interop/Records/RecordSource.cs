namespace PyAsync.Records;

/// <summary>Specifies how the fields of a Python value are read.</summary>
internal enum RecordForm
{
    /// <summary>A <c>dict</c>, by its items.</summary>
    Dict,

    /// <summary>An object with <c>keys()</c> and <c>[]</c>, by its items.</summary>
    Mapping,

    /// <summary>Any other object, by its attributes.</summary>
    Object,
}

/// <summary>
/// A Python value that a record is read from. As in <c>dict(o)</c>, an object with <c>keys()</c> is a mapping. The fields of other objects are attributes;
/// if one is missing, the result of <c>model_dump()</c> has it.
/// </summary>
internal struct RecordSource
{
    private readonly nint _value;
    private OwnedReference _dump;
    private bool _isDumped;
    private List<IDisposable>? _owned;

    /// <exception cref="PythonTypeErrorException">The value is of a built-in type without fields.</exception>
    public RecordSource(BorrowedReference value, Type target)
    {
        _value = value.Pointer;
        WellKnownObjects objects = WellKnownObjects.Current;
        Form = value.IsInstanceOfExactly(objects.DictType) || value.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS) ? RecordForm.Dict
            : objects.IsPlainValue(value) ? throw ConversionErrors.WrongType(value, target)
            : IsMapping(value) ? RecordForm.Mapping
            : RecordForm.Object;
    }

    public RecordForm Form { get; }

    public readonly BorrowedReference Value => new(_value);

    /// <summary>Returns a field; NULL if there is none.</summary>
    public NewReference Find(BorrowedReference name)
    {
        switch (Form)
        {
            case RecordForm.Dict:
                return FindItem(Value, name);
            case RecordForm.Mapping:
                NewReference item = CPython.PyObject_GetItem(Value, name);
                return !item.IsNull || PythonErrors.TryClear("LookupError") ? item : throw PythonErrors.Take();
            default:
                NewReference attribute = CPython.PyObject_GetAttr(Value, name);
                return !attribute.IsNull ? attribute
                    : PythonErrors.TryClear("AttributeError") ? FindDumped(name)
                    : throw PythonErrors.Take();
        }
    }

    /// <summary>Remembers an object that belongs to the record; null for none.</summary>
    public void Own(IDisposable? value)
    {
        if (value is not null)
        {
            (_owned ??= []).Add(value);
        }
    }

    /// <summary>Ends the reading.</summary>
    /// <param name="isRead">False if the record could not be read: its objects, which no other code has, are disposed.</param>
    public void End(bool isRead)
    {
        _dump.Clear();
        if (!isRead)
        {
            _owned?.ForEach(static value => value.Dispose());
        }
    }

    private static NewReference FindItem(BorrowedReference dict, BorrowedReference name)
    {
        BorrowedReference found = CPython.PyDict_GetItemWithError(dict, name);
        if (found.IsNull)
        {
            PythonErrors.ThrowIfSet();
        }

        return NewReference.From(found);
    }

    private NewReference FindDumped(BorrowedReference name)
    {
        if (!_isDumped)
        {
            _isDumped = true;
            Dump();
        }

        return _dump.IsNull ? default : FindItem(_dump.Borrow(), name);
    }

    private void Dump()
    {
        using NewReference method = Value.GetAttr(WellKnownNames.Current["model_dump"]);
        if (method.IsNull)
        {
            if (!PythonErrors.TryClear("AttributeError"))
            {
                throw PythonErrors.Take();
            }

            return;
        }

        NewReference dumped = method.Borrow().Call().OrThrow();
        if (dumped.Borrow().HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            _dump.Set(dumped);
        }
        else
        {
            dumped.Dispose();
        }
    }

    /// <summary>True for a type with <c>__getitem__</c> and <c>keys</c>. A named tuple may have a field of that name.</summary>
    private static unsafe bool IsMapping(BorrowedReference value)
    {
        BorrowedReference type = CPython.Py_TYPE(value);

        // SAFETY: the slot is only compared with NULL.
        if (CPython.PyType_GetSlot(type, CPython.Py_mp_subscript) == null || value.HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS | CPython.Py_TPFLAGS_LIST_SUBCLASS))
        {
            return false;
        }

        using NewReference keys = type.GetAttr(WellKnownNames.Current["keys"]);
        return !keys.IsNull || (PythonErrors.TryClear("AttributeError") ? false : throw PythonErrors.Take());
    }
}
