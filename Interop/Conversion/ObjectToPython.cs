using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Converts a .NET value by its type at run time.</summary>
internal static class ObjectToPython
{
    public static NewReference Convert(object? value)
    {
        Nesting<ObjectIdentity> nesting = default;
        NewReference converted = Convert(value, ref nesting);
        if (nesting.Failure is { } failure)
        {
            converted.Dispose();
            throw new PythonRecursionException($"A {ConversionErrors.Name(value!.GetType())} cannot be converted to Python: it {failure}.");
        }

        return converted;
    }

    /// <summary>Returns NULL after a failure of the nesting.</summary>
    private static NewReference Convert(object? value, scoped ref Nesting<ObjectIdentity> nesting) => value switch
    {
        null => NewReference.From(InterpreterState.Current.None),
        PyObject o => NewReference.From(o.Reference),
        Enum number => EnumCode.Find(number.GetType()) is { } code ? code.ToReference(number) : EnumRegistry.Current.ToPython(number),
        IPythonView view => NewReference.From(view.Reference),
        _ when PyConvert.ForRuntimeType(value.GetType()) is { } converter => converter.ToReferenceBoxed(value),
        Array { Rank: > 1 } => throw ConversionErrors.NoConverter(value.GetType()),
        ArraySegment<byte> segment => PyConvert.ByteMemory.ToReference(segment),
        ITuple or IEnumerable => FromCollection(value, ref nesting),
        Memory<byte> memory => PyConvert.ByteMemory.ToReference(memory),
        _ when ClassRegistry.Current.TryTypeOf(value.GetType(), out BorrowedReference type) => ClassType.InstanceOf(type, value),
        _ => FromRuntime(value),
    };

    /// <summary>Converts a Task, a stream or a delegate, which belongs to the runtime of the call.</summary>
    private static NewReference FromRuntime(object value)
    {
        NewReference converted = RuntimeValues.Convert(value);
        return converted.IsNull ? throw ConversionErrors.NoConverter(value.GetType()) : converted;
    }

    private static NewReference FromCollection(object value, scoped ref Nesting<ObjectIdentity> nesting)
    {
        if (!nesting.TryEnter(new ObjectIdentity(value)))
        {
            return default;
        }

        NewReference converted = value switch
        {
            ITuple tuple => FromTuple(tuple, ref nesting),
            IDictionary dictionary => FromDictionary(dictionary, ref nesting),
            IEnumerable<KeyValuePair<string, object?>> entries => FromEntries(entries, ref nesting),
            IEnumerable<KeyValuePair<object, object?>> entries => FromEntries(entries, ref nesting),
            IList list => FromItems(list, ref nesting),
            IEnumerable items when IsSet(items.GetType(), out bool isFrozen) => FromSet(items, isFrozen, ref nesting),
            _ => FromItems((IEnumerable)value, ref nesting),
        };
        nesting.Leave();
        return converted;
    }

    private static NewReference FromTuple(ITuple tuple, scoped ref Nesting<ObjectIdentity> nesting)
    {
        using NewReference created = CPython.PyTuple_New(tuple.Length).OrThrow();
        for (int i = 0; i < tuple.Length; i++)
        {
            NewReference item = Item(tuple[i], i, ref nesting);
            if (item.IsNull)
            {
                return default;
            }

            PyTuple.Set(created.Borrow(), i, item);
        }

        return NewReference.From(created.Borrow());
    }

    private static NewReference FromItems(IEnumerable items, scoped ref Nesting<ObjectIdentity> nesting)
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        int index = 0;
        foreach (object? element in items)
        {
            using NewReference item = Item(element, index++, ref nesting);
            if (item.IsNull)
            {
                return default;
            }

            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), item.Borrow()));
        }

        return NewReference.From(list.Borrow());
    }

    private static NewReference FromSet(IEnumerable items, bool isFrozen, scoped ref Nesting<ObjectIdentity> nesting)
    {
        using NewReference set = CPython.PySet_New(default).OrThrow();
        int index = 0;
        foreach (object? element in items)
        {
            using NewReference item = Item(element, index++, ref nesting);
            if (item.IsNull)
            {
                return default;
            }

            PythonErrors.ThrowIfNegative(CPython.PySet_Add(set.Borrow(), item.Borrow()));
            if (CPython.PySet_Size(set.Borrow()) != index)
            {
                throw ConversionErrors.EqualInPython("item", element);
            }
        }

        return isFrozen ? CPython.PyFrozenSet_New(set.Borrow()).OrThrow() : NewReference.From(set.Borrow());
    }

    private static NewReference FromDictionary(IDictionary dictionary, scoped ref Nesting<ObjectIdentity> nesting)
    {
        using NewReference dict = CPython.PyDict_New().OrThrow();
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!TryAdd(dict.Borrow(), entry.Key, entry.Value, ref nesting))
            {
                return default;
            }
        }

        return NewReference.From(dict.Borrow());
    }

    private static NewReference FromEntries<TKey>(IEnumerable<KeyValuePair<TKey, object?>> entries, scoped ref Nesting<ObjectIdentity> nesting)
    {
        using NewReference dict = CPython.PyDict_New().OrThrow();
        foreach ((TKey key, object? value) in entries)
        {
            if (!TryAdd(dict.Borrow(), key, value, ref nesting))
            {
                return default;
            }
        }

        return NewReference.From(dict.Borrow());
    }

    private static bool TryAdd(BorrowedReference dict, object? key, object? value, scoped ref Nesting<ObjectIdentity> nesting)
    {
        nint before = CPython.PyDict_Size(dict);
        try
        {
            using NewReference convertedKey = Convert(key, ref nesting);
            using NewReference convertedValue = convertedKey.IsNull ? default : Convert(value, ref nesting);
            if (convertedValue.IsNull)
            {
                return false;
            }

            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict, convertedKey.Borrow(), convertedValue.Borrow()));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(key)}"))
        {
            throw;
        }

        return CPython.PyDict_Size(dict) > before ? true : throw ConversionErrors.EqualInPython("key", key);
    }

    private static NewReference Item(object? item, int index, scoped ref Nesting<ObjectIdentity> nesting)
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

    private static bool IsSet(Type type, out bool isFrozen)
    {
        // .NET's own sets are recognised by their types: code that is compiled ahead of time lacks interfaces that it does not use.
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            Type? open = current.IsGenericType ? current.GetGenericTypeDefinition() : null;
            isFrozen = open == typeof(FrozenSet<>) || open == typeof(ImmutableHashSet<>) || open == typeof(ImmutableSortedSet<>);
            if (isFrozen || open == typeof(HashSet<>) || open == typeof(SortedSet<>))
            {
                return true;
            }
        }

        isFrozen = Interfaces.Has(type, typeof(IImmutableSet<>));
        return isFrozen || Interfaces.Has(type, typeof(ISet<>)) || Interfaces.Has(type, typeof(IReadOnlySet<>));
    }
}
