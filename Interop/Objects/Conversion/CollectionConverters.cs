using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>A collection and <c>list</c>. Takes any iterable but text, bytes and mappings, which are hardly ever meant.</summary>
internal sealed class ListConverter<TCollection, TItem>(PyConverter<TItem> item, Func<List<TItem>, TCollection> finish) : ReferenceConverter<TCollection>
    where TCollection : IEnumerable<TItem>
{
    internal override NewReference ToReference(TCollection value)
    {
        if (value is null)
        {
            return NewReference.From(PythonInterpreter.Current.None);
        }

        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (TItem element in value)
        {
            using NewReference converted = item.ToReference(element);
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), converted.Borrow()));
        }

        return NewReference.From(list.Borrow());
    }

    internal override TCollection FromReference(BorrowedReference value) =>
        value.IsNone && !typeof(TCollection).IsValueType ? default! : finish(PySequence.Read(value, item, typeof(TCollection)));
}

/// <summary>A set and <c>set</c>; takes <c>frozenset</c> too.</summary>
internal sealed class SetConverter<TSet, TItem>(PyConverter<TItem> item, Func<HashSet<TItem>, TSet> finish) : ReferenceConverter<TSet>
    where TSet : class, IEnumerable<TItem>
{
    internal override NewReference ToReference(TSet value)
    {
        if (value is null)
        {
            return NewReference.From(PythonInterpreter.Current.None);
        }

        using NewReference set = CPython.PySet_New(default).OrThrow();
        foreach (TItem element in value)
        {
            using NewReference converted = item.ToReference(element);
            PythonErrors.ThrowIfNegative(CPython.PySet_Add(set.Borrow(), converted.Borrow()));
        }

        return NewReference.From(set.Borrow());
    }

    internal override TSet FromReference(BorrowedReference value)
    {
        if (value.IsNone)
        {
            return null!;
        }

        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        BorrowedReference type = CPython.Py_TYPE(value);
        return CPython.PyType_IsSubtype(type, objects.SetType) != 0 || CPython.PyType_IsSubtype(type, objects.FrozenSetType) != 0
            ? finish([.. PySequence.Read(value, item, typeof(TSet))])
            : throw ConversionErrors.WrongType(value, typeof(TSet));
    }
}

/// <summary>A dictionary and <c>dict</c>; takes what has <c>items()</c> too.</summary>
internal sealed class DictionaryConverter<TDictionary, TKey, TValue>(
    PyConverter<TKey> key, PyConverter<TValue> value, Func<Dictionary<TKey, TValue>, TDictionary> finish) : ReferenceConverter<TDictionary>
    where TDictionary : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    internal override NewReference ToReference(TDictionary dictionary)
    {
        if (dictionary is null)
        {
            return NewReference.From(PythonInterpreter.Current.None);
        }

        using NewReference dict = CPython.PyDict_New().OrThrow();
        foreach ((TKey entryKey, TValue entryValue) in dictionary)
        {
            using NewReference convertedKey = key.ToReference(entryKey);
            using NewReference convertedValue = value.ToReference(entryValue);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict.Borrow(), convertedKey.Borrow(), convertedValue.Borrow()));
        }

        return NewReference.From(dict.Borrow());
    }

    internal override TDictionary FromReference(BorrowedReference mapping)
    {
        if (mapping.IsNone)
        {
            return null!;
        }

        using NewReference items = CPython.PyMapping_Items(mapping);
        if (items.IsNull)
        {
            throw PythonErrors.TryClear("AttributeError") || PythonErrors.TryClear("TypeError")
                ? ConversionErrors.WrongType(mapping, typeof(TDictionary))
                : PythonErrors.Take();
        }

        nint count = CPython.PyList_Size(items.Borrow());
        var result = new Dictionary<TKey, TValue>(checked((int)count));
        for (nint i = 0; i < count; i++)
        {
            BorrowedReference pair = CPython.PyList_GetItem(items.Borrow(), i);
            PyTuple.ThrowIfNotOf(2, pair, typeof(TDictionary)); // A mapping of somebody's may give anything.
            result[key.FromReference(CPython.PyTuple_GetItem(pair, 0))] = value.FromReference(CPython.PyTuple_GetItem(pair, 1));
        }

        return finish(result);
    }
}

/// <summary>A nullable value; null and <c>None</c>.</summary>
internal sealed class NullableConverter<T>(PyConverter<T> inner) : ReferenceConverter<T?>
    where T : struct
{
    internal override NewReference ToReference(T? value) =>
        value is { } present ? inner.ToReference(present) : NewReference.From(PythonInterpreter.Current.None);

    internal override T? FromReference(BorrowedReference value) =>
        value.IsNone ? null : inner.FromReference(value);
}

/// <summary>Reads Python's sequences and iterables.</summary>
internal static class PySequence
{
    public static List<TItem> Read<TItem>(BorrowedReference value, PyConverter<TItem> item, Type target)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS | CPython.Py_TPFLAGS_TUPLE_SUBCLASS)
            && value.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS | CPython.Py_TPFLAGS_BYTES_SUBCLASS | CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            throw ConversionErrors.WrongType(value, target);
        }

        using NewReference iterator = CPython.PyObject_GetIter(value);
        if (iterator.IsNull)
        {
            throw PythonErrors.TryClear("TypeError") ? ConversionErrors.WrongType(value, target) : PythonErrors.Take();
        }

        var result = new List<TItem>();
        while (true)
        {
            using NewReference next = CPython.PyIter_Next(iterator.Borrow());
            if (next.IsNull)
            {
                PythonErrors.ThrowIfSet();
                return result;
            }

            result.Add(item.FromReference(next.Borrow()));
        }
    }
}
