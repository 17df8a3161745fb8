namespace PyAsync.Conversion;

/// <summary>Converts a view of a sequence and the sequence itself.</summary>
internal sealed class ListViewConverter<T>(PyConverter<T> item) : ReferenceConverter<PyList<T>>, INonNullConverter
{
    internal override NewReference ToReference(PyList<T> value) =>
        NewReference.From(value is null ? InterpreterState.Current.None : ((IPythonView)value).Reference);

    internal override PyList<T> FromReference(BorrowedReference value) =>
        CPython.PySequence_Check(value) != 0 && !value.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS | CPython.Py_TPFLAGS_BYTES_SUBCLASS)
            ? PyList<T>.Owning(PyObject.FromBorrowed(value), item)
            : throw ConversionErrors.WrongType(value, typeof(PyList<T>));
}

/// <summary>Converts a view of a mapping and the mapping itself.</summary>
internal sealed class DictionaryViewConverter<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value) : ReferenceConverter<PyDictionary<TKey, TValue>>, INonNullConverter
    where TKey : notnull
{
    internal override NewReference ToReference(PyDictionary<TKey, TValue> view) =>
        NewReference.From(view is null ? InterpreterState.Current.None : ((IPythonView)view).Reference);

    internal override PyDictionary<TKey, TValue> FromReference(BorrowedReference mapping)
    {
        if (!mapping.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            using NewReference items = CPython.Py_TYPE(mapping).GetAttr(WellKnownNames.Current["items"]);
            if (items.IsNull)
            {
                throw PythonErrors.TryClear("AttributeError") ? ConversionErrors.WrongType(mapping, typeof(PyDictionary<TKey, TValue>)) : PythonErrors.Take();
            }
        }

        return PyDictionary<TKey, TValue>.Owning(PyObject.FromBorrowed(mapping), key, value);
    }
}
