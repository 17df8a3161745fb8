using System.Collections.Frozen;
using System.Numerics;

namespace PyAsync.Conversion;

/// <summary>
/// Converts a Python value to an <see cref="object"/>. Only values of exactly the built-in types are converted: an instance of a derived class would
/// not come back unchanged.
/// </summary>
internal static class ObjectFromPython
{
    public static object? Convert(BorrowedReference value)
    {
        Nesting<nint> nesting = default;
        object? converted = Convert(value, ref nesting);
        return nesting.Failure is { } failure
            ? throw new PythonRecursionException($"A Python '{PyText.TypeName(CPython.Py_TYPE(value))}' cannot be converted to System.Object: it {failure}.")
            : converted;
    }

    private static object? Convert(BorrowedReference value, scoped ref Nesting<nint> nesting)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        BorrowedReference type = CPython.Py_TYPE(value);
        return value.IsNone ? null
            : type == objects.StringType ? PyText.IsTooLong(value) ? PyObject.FromBorrowed(value) : PyText.ToString(value)
            : type == objects.IntegerType ? Integer(value)
            : type == objects.FloatType ? CPython.PyFloat_AsDouble(value)
            : type == objects.BooleanType ? value == InterpreterState.Current.True
            : type == objects.BytesType ? BytesConverter.FitsInArray(value) ? PyConvert.Bytes.FromReference(value) : PyObject.FromBorrowed(value)
            : type == objects.ListType || type == objects.TupleType || type == objects.DictType || type == objects.SetType || type == objects.FrozenSetType
                ? Collection(value, type, ref nesting)
            : FromRarer(value, type);
    }

    private static object Integer(BorrowedReference value)
    {
        if (CompactInteger.TryRead(value, out long small))
        {
            return small;
        }

        BigInteger number = PyConvert.BigInteger.FromReference(value);
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            return (long)number;
        }

        return number;
    }

    private static object? Collection(BorrowedReference value, BorrowedReference type, scoped ref Nesting<nint> nesting)
    {
        if (!nesting.TryEnter(value.Pointer))
        {
            return null;
        }

        WellKnownObjects objects = WellKnownObjects.Current;
        object converted = type == objects.ListType ? List(value, ref nesting)
            : type == objects.TupleType ? Tuple(value, ref nesting)
            : type == objects.DictType ? Dictionary(value, ref nesting)
            : Set(value, type == objects.FrozenSetType, ref nesting);
        nesting.Leave();
        return converted;
    }

    private static List<object?> List(BorrowedReference list, scoped ref Nesting<nint> nesting)
    {
        var items = new List<object?>((int)Math.Min(CPython.PyList_Size(list), Array.MaxLength));

        // The conversion of an item may run Python code, which may change the list.
        for (int i = 0; i < CPython.PyList_Size(list) && !nesting.HasFailed; i++)
        {
            using NewReference item = NewReference.From(CPython.PyList_GetItem(list, i));
            items.Add(Item(item.Borrow(), i, ref nesting));
        }

        return items;
    }

    private static PyTuple Tuple(BorrowedReference tuple, scoped ref Nesting<nint> nesting)
    {
        var items = new object?[CPython.PyTuple_Size(tuple)];
        for (int i = 0; i < items.Length && !nesting.HasFailed; i++)
        {
            items[i] = Item(CPython.PyTuple_GetItem(tuple, i), i, ref nesting);
        }

        return PyTuple.Owning(items);
    }

    private static object? Item(BorrowedReference item, int index, scoped ref Nesting<nint> nesting)
    {
        try
        {
            return Convert(item, ref nesting);
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }
    }

    /// <summary>Converts a dictionary. One with two keys that are equal in .NET (two NaN) stays a PyObject.</summary>
    private static object Dictionary(BorrowedReference dict, scoped ref Nesting<nint> nesting)
    {
        using NewReference entries = CPython.PyMapping_Items(dict).OrThrow();
        int count = (int)CPython.PyList_Size(entries.Borrow());
        var converted = new Dictionary<object, object?>(count);
        for (int i = 0; i < count && !nesting.HasFailed; i++)
        {
            BorrowedReference entry = CPython.PyList_GetItem(entries.Borrow(), i);
            BorrowedReference key = CPython.PyTuple_GetItem(entry, 0);
            try
            {
                // None as a key is a PyObject, because a .NET dictionary accepts no null key.
                object? convertedKey = Convert(key, ref nesting) ?? PyObject.FromBorrowed(key);
                converted[convertedKey] = Convert(CPython.PyTuple_GetItem(entry, 1), ref nesting);
            }
            catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(key)}"))
            {
                throw;
            }
        }

        return converted.Count == count || nesting.HasFailed ? converted : PyObject.FromBorrowed(dict);
    }

    private static object Set(BorrowedReference set, bool isFrozen, scoped ref Nesting<nint> nesting)
    {
        var converted = new HashSet<object>();
        using NewReference iterator = CPython.PyObject_GetIter(set).OrThrow();
        int count = 0;
        while (!nesting.HasFailed)
        {
            using NewReference item = CPython.PyIter_Next(iterator.Borrow());
            if (item.IsNull)
            {
                PythonErrors.ThrowIfSet();
                break;
            }

            // As a key of a dictionary, None is a PyObject.
            converted.Add(Convert(item.Borrow(), ref nesting) ?? PyObject.FromBorrowed(item.Borrow()));
            count++;
        }

        return converted.Count != count && !nesting.HasFailed ? PyObject.FromBorrowed(set)
            : isFrozen ? converted.ToFrozenSet()
            : converted;
    }

    /// <summary>Converts a value by a type of a module. If the module has not been imported, there are no values of its types.</summary>
    private static object FromRarer(BorrowedReference value, BorrowedReference type)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        object? converted = type == objects.FindImported("datetime", "datetime") ? DateTime(value)
            : type == objects.FindImported("datetime", "date") ? PyConvert.DateOnly.FromReference(value)
            : type == objects.FindImported("datetime", "time") ? PyTime.HasZone(value) ? null : PyConvert.TimeOnly.FromReference(value)
            : type == objects.FindImported("datetime", "timedelta") ? TimeSpanConverter.TryRead(value, out TimeSpan span) ? span : null
            : type == objects.FindImported("decimal", "Decimal") ? DecimalConverter.TryReadExactly(value, out decimal number) ? number : null
            : type == objects.FindImported("uuid", "UUID") ? PyConvert.Guid.FromReference(value)
            : null;
        return converted ?? PyObject.FromBorrowed(value);
    }

    private static object? DateTime(BorrowedReference value) =>
        !PyTime.HasZone(value) ? PyTime.ToDateTime(value)
        : DateTimeOffsetConverter.TryReadExactly(value, out DateTimeOffset converted) ? converted
        : null;
}
