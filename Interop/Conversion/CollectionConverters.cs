using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Converts a collection and <c>list</c>. Takes any iterable except text, bytes and mappings, which are usually mistakes.</summary>
internal sealed class ListConverter<TCollection, TItem>(PyConverter<TItem> item, Func<List<TItem>, TCollection> finish) : ReferenceConverter<TCollection>, INonNullConverter
    where TCollection : IEnumerable<TItem>
{
    internal override NewReference ToReference(TCollection value)
    {
        if (value is null)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        Nesting.ThrowIfStackIsLow();
        using NewReference list = CPython.PyList_New(0).OrThrow();
        int index = 0;
        try
        {
            foreach (TItem element in value)
            {
                using NewReference converted = item.ToReference(element);
                PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), converted.Borrow()));
                index++;
            }
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }

        return NewReference.From(list.Borrow());
    }

    internal override TCollection FromReference(BorrowedReference value) => finish(PySequence.Read(value, item, typeof(TCollection)));
}

/// <summary>Converts a set and <c>set</c>; takes <c>frozenset</c> too.</summary>
internal sealed class SetConverter<TSet, TItem>(PyConverter<TItem> item, Func<HashSet<TItem>, TSet> finish) : ReferenceConverter<TSet>, INonNullConverter
    where TSet : class, IEnumerable<TItem>
{
    internal override NewReference ToReference(TSet value)
    {
        if (value is null)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        Nesting.ThrowIfStackIsLow();
        using NewReference set = CPython.PySet_New(default).OrThrow();
        int count = 0;
        try
        {
            foreach (TItem element in value)
            {
                using NewReference converted = item.ToReference(element);
                PythonErrors.ThrowIfNegative(CPython.PySet_Add(set.Borrow(), converted.Borrow()));
                if (CPython.PySet_Size(set.Borrow()) != ++count)
                {
                    throw ConversionErrors.EqualInPython("item", element);
                }
            }
        }
        catch (Exception e) when (ConversionErrors.At(e, "an item"))
        {
            throw;
        }

        return NewReference.From(set.Borrow());
    }

    internal override TSet FromReference(BorrowedReference value)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        BorrowedReference type = CPython.Py_TYPE(value);
        return CPython.PyType_IsSubtype(type, objects.SetType) != 0 || CPython.PyType_IsSubtype(type, objects.FrozenSetType) != 0
            ? finish([.. PySequence.Read(value, item, typeof(TSet), isOrdered: false)])
            : throw ConversionErrors.WrongType(value, typeof(TSet), value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS | CPython.Py_TPFLAGS_TUPLE_SUBCLASS) ? "is not a set" : null);
    }
}

/// <summary>Converts a dictionary and <c>dict</c>; takes objects with <c>items()</c> too.</summary>
internal sealed class DictionaryConverter<TDictionary, TKey, TValue>(
    PyConverter<TKey> key, PyConverter<TValue> value, Func<Dictionary<TKey, TValue>, TDictionary> finish) : ReferenceConverter<TDictionary>, INonNullConverter
    where TDictionary : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    internal override NewReference ToReference(TDictionary dictionary)
    {
        if (dictionary is null)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        Nesting.ThrowIfStackIsLow();
        using NewReference dict = CPython.PyDict_New().OrThrow();
        int count = 0;
        foreach ((TKey entryKey, TValue entryValue) in dictionary)
        {
            try
            {
                using NewReference convertedKey = key.ToReference(entryKey);
                using NewReference convertedValue = value.ToReference(entryValue);
                PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict.Borrow(), convertedKey.Borrow(), convertedValue.Borrow()));
            }
            catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(entryKey)}"))
            {
                throw;
            }

            if (CPython.PyDict_Size(dict.Borrow()) != ++count)
            {
                throw ConversionErrors.EqualInPython("key", entryKey);
            }
        }

        return NewReference.From(dict.Borrow());
    }

    internal override TDictionary FromReference(BorrowedReference mapping)
    {
        Nesting.ThrowIfStackIsLow();
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
            PyTuple.ThrowIfNotOf(2, pair, typeof(TDictionary)); // items() of a class may return any objects.
            BorrowedReference entryKey = CPython.PyTuple_GetItem(pair, 0);
            try
            {
                // Reference types convert None to null, which no .NET dictionary accepts as a key: as an object, it is the PyObject.
                TKey convertedKey = key.FromReference(entryKey)
                    ?? (typeof(TKey) == typeof(object) ? (TKey)(object)PyObject.FromBorrowed(entryKey)
                        : throw ConversionErrors.WrongType(entryKey, typeof(TKey), "is a key, and a .NET dictionary has no key null"));
                result[convertedKey] = value.FromReference(CPython.PyTuple_GetItem(pair, 1));
            }
            catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(entryKey)}"))
            {
                throw;
            }
        }

        // Other mappings may have equal keys in Python too: HTTP headers.
        return result.Count == count || !mapping.IsInstanceOfExactly(WellKnownObjects.Current.DictType)
            ? finish(result)
            : throw ConversionErrors.WrongType(mapping, typeof(TDictionary), "has keys that are equal in .NET, so that one of them would be lost");
    }
}

/// <summary>Converts a nullable value; null and <c>None</c>.</summary>
internal sealed class NullableConverter<T>(PyConverter<T> inner) : ReferenceConverter<T?>
    where T : struct
{
    internal override NewReference ToReference(T? value) =>
        value is { } present ? inner.ToReference(present) : NewReference.From(InterpreterState.Current.None);

    internal override T? FromReference(BorrowedReference value) =>
        value.IsNone ? null : inner.FromReference(value);
}

/// <summary>Reads Python's sequences and iterables.</summary>
internal static class PySequence
{
    /// <param name="value">The iterable.</param>
    /// <param name="item">Converts each item.</param>
    /// <param name="target">The requested .NET type, for messages.</param>
    /// <param name="isOrdered">True if the index of an item is meaningful to the reader of a message.</param>
    public static List<TItem> Read<TItem>(BorrowedReference value, PyConverter<TItem> item, Type target, bool isOrdered = true)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS | CPython.Py_TPFLAGS_TUPLE_SUBCLASS)
            && value.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS | CPython.Py_TPFLAGS_BYTES_SUBCLASS | CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            throw ConversionErrors.WrongType(value, target);
        }

        Nesting.ThrowIfStackIsLow();
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

            try
            {
                result.Add(item.FromReference(next.Borrow()));
            }
            catch (Exception e) when (ConversionErrors.At(e, isOrdered ? $"item {result.Count}" : "an item"))
            {
                throw;
            }
        }
    }
}
