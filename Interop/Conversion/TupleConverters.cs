namespace PyAsync.Conversion;

/// <summary>Converts a tuple of a fixed length and <c>tuple</c>.</summary>
/// <param name="length">The number of items.</param>
internal abstract class FixedTupleConverter<TTuple>(int length) : ReferenceConverter<TTuple>
    where TTuple : struct
{
    internal sealed override NewReference ToReference(TTuple value)
    {
        using NewReference tuple = CPython.PyTuple_New(length).OrThrow();
        Write(tuple.Borrow(), value);
        return NewReference.From(tuple.Borrow());
    }

    internal sealed override TTuple FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(length, value, typeof(TTuple));
        return Read(value);
    }

    /// <summary>Sets the items of a new tuple.</summary>
    private protected abstract void Write(BorrowedReference tuple, TTuple value);

    /// <summary>Reads the items of a tuple of the length.</summary>
    private protected abstract TTuple Read(BorrowedReference tuple);
}

// C# has no variadic generics, so there is one converter for each length of tuples.

internal sealed class TupleConverter<T1>(PyConverter<T1> item1)
    : FixedTupleConverter<ValueTuple<T1>>(1)
{
    private protected override void Write(BorrowedReference tuple, ValueTuple<T1> value) => PyTuple.Set(tuple, 0, item1, value.Item1);

    private protected override ValueTuple<T1> Read(BorrowedReference tuple) => new(PyTuple.Get(tuple, 0, item1));
}

internal sealed class TupleConverter<T1, T2>(PyConverter<T1> item1, PyConverter<T2> item2)
    : FixedTupleConverter<(T1, T2)>(2)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
    }

    private protected override (T1, T2) Read(BorrowedReference tuple) => (PyTuple.Get(tuple, 0, item1), PyTuple.Get(tuple, 1, item2));
}

internal sealed class TupleConverter<T1, T2, T3>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3)
    : FixedTupleConverter<(T1, T2, T3)>(3)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
    }

    private protected override (T1, T2, T3) Read(BorrowedReference tuple) => (PyTuple.Get(tuple, 0, item1), PyTuple.Get(tuple, 1, item2), PyTuple.Get(tuple, 2, item3));
}

internal sealed class TupleConverter<T1, T2, T3, T4>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4)
    : FixedTupleConverter<(T1, T2, T3, T4)>(4)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3, T4) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
        PyTuple.Set(tuple, 3, item4, value.Item4);
    }

    private protected override (T1, T2, T3, T4) Read(BorrowedReference tuple) => (
        PyTuple.Get(tuple, 0, item1),
        PyTuple.Get(tuple, 1, item2),
        PyTuple.Get(tuple, 2, item3),
        PyTuple.Get(tuple, 3, item4));
}

internal sealed class TupleConverter<T1, T2, T3, T4, T5>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5)
    : FixedTupleConverter<(T1, T2, T3, T4, T5)>(5)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3, T4, T5) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
        PyTuple.Set(tuple, 3, item4, value.Item4);
        PyTuple.Set(tuple, 4, item5, value.Item5);
    }

    private protected override (T1, T2, T3, T4, T5) Read(BorrowedReference tuple) => (
        PyTuple.Get(tuple, 0, item1),
        PyTuple.Get(tuple, 1, item2),
        PyTuple.Get(tuple, 2, item3),
        PyTuple.Get(tuple, 3, item4),
        PyTuple.Get(tuple, 4, item5));
}

internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6)
    : FixedTupleConverter<(T1, T2, T3, T4, T5, T6)>(6)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3, T4, T5, T6) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
        PyTuple.Set(tuple, 3, item4, value.Item4);
        PyTuple.Set(tuple, 4, item5, value.Item5);
        PyTuple.Set(tuple, 5, item6, value.Item6);
    }

    private protected override (T1, T2, T3, T4, T5, T6) Read(BorrowedReference tuple) => (
        PyTuple.Get(tuple, 0, item1),
        PyTuple.Get(tuple, 1, item2),
        PyTuple.Get(tuple, 2, item3),
        PyTuple.Get(tuple, 3, item4),
        PyTuple.Get(tuple, 4, item5),
        PyTuple.Get(tuple, 5, item6));
}

internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6, T7>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7)
    : FixedTupleConverter<(T1, T2, T3, T4, T5, T6, T7)>(7)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3, T4, T5, T6, T7) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
        PyTuple.Set(tuple, 3, item4, value.Item4);
        PyTuple.Set(tuple, 4, item5, value.Item5);
        PyTuple.Set(tuple, 5, item6, value.Item6);
        PyTuple.Set(tuple, 6, item7, value.Item7);
    }

    private protected override (T1, T2, T3, T4, T5, T6, T7) Read(BorrowedReference tuple) => (
        PyTuple.Get(tuple, 0, item1),
        PyTuple.Get(tuple, 1, item2),
        PyTuple.Get(tuple, 2, item3),
        PyTuple.Get(tuple, 3, item4),
        PyTuple.Get(tuple, 4, item5),
        PyTuple.Get(tuple, 5, item6),
        PyTuple.Get(tuple, 6, item7));
}

internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6, T7, T8>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7, PyConverter<T8> item8)
    : FixedTupleConverter<(T1, T2, T3, T4, T5, T6, T7, T8)>(8)
{
    private protected override void Write(BorrowedReference tuple, (T1, T2, T3, T4, T5, T6, T7, T8) value)
    {
        PyTuple.Set(tuple, 0, item1, value.Item1);
        PyTuple.Set(tuple, 1, item2, value.Item2);
        PyTuple.Set(tuple, 2, item3, value.Item3);
        PyTuple.Set(tuple, 3, item4, value.Item4);
        PyTuple.Set(tuple, 4, item5, value.Item5);
        PyTuple.Set(tuple, 5, item6, value.Item6);
        PyTuple.Set(tuple, 6, item7, value.Item7);
        PyTuple.Set(tuple, 7, item8, value.Item8);
    }

    private protected override (T1, T2, T3, T4, T5, T6, T7, T8) Read(BorrowedReference tuple) => (
        PyTuple.Get(tuple, 0, item1),
        PyTuple.Get(tuple, 1, item2),
        PyTuple.Get(tuple, 2, item3),
        PyTuple.Get(tuple, 3, item4),
        PyTuple.Get(tuple, 4, item5),
        PyTuple.Get(tuple, 5, item6),
        PyTuple.Get(tuple, 6, item7),
        PyTuple.Get(tuple, 7, item8));
}
