namespace PyAsync.Conversion;

// C# has no variadic generics, so there is one converter for each length of tuples.

/// <summary>Converts a tuple of 1 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1>(PyConverter<T1> item1) : ReferenceConverter<ValueTuple<T1>>
{
    internal override NewReference ToReference(ValueTuple<T1> value)
    {
        using NewReference tuple = CPython.PyTuple_New(1).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        return NewReference.From(tuple.Borrow());
    }

    internal override ValueTuple<T1> FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(1, value, typeof(ValueTuple<T1>));
        return new ValueTuple<T1>(PyTuple.Get(value, 0, item1));
    }
}

/// <summary>Converts a tuple of 2 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2>(PyConverter<T1> item1, PyConverter<T2> item2) : ReferenceConverter<(T1, T2)>
{
    internal override NewReference ToReference((T1, T2) value)
    {
        using NewReference tuple = CPython.PyTuple_New(2).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(2, value, typeof((T1, T2)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2));
    }
}

/// <summary>Converts a tuple of 3 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3) : ReferenceConverter<(T1, T2, T3)>
{
    internal override NewReference ToReference((T1, T2, T3) value)
    {
        using NewReference tuple = CPython.PyTuple_New(3).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(3, value, typeof((T1, T2, T3)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3));
    }
}

/// <summary>Converts a tuple of 4 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3, T4>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4) : ReferenceConverter<(T1, T2, T3, T4)>
{
    internal override NewReference ToReference((T1, T2, T3, T4) value)
    {
        using NewReference tuple = CPython.PyTuple_New(4).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        PyTuple.Set(tuple.Borrow(), 3, item4, value.Item4);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3, T4) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(4, value, typeof((T1, T2, T3, T4)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3),
            PyTuple.Get(value, 3, item4));
    }
}

/// <summary>Converts a tuple of 5 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3, T4, T5>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5) : ReferenceConverter<(T1, T2, T3, T4, T5)>
{
    internal override NewReference ToReference((T1, T2, T3, T4, T5) value)
    {
        using NewReference tuple = CPython.PyTuple_New(5).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        PyTuple.Set(tuple.Borrow(), 3, item4, value.Item4);
        PyTuple.Set(tuple.Borrow(), 4, item5, value.Item5);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3, T4, T5) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(5, value, typeof((T1, T2, T3, T4, T5)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3),
            PyTuple.Get(value, 3, item4),
            PyTuple.Get(value, 4, item5));
    }
}

/// <summary>Converts a tuple of 6 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6) : ReferenceConverter<(T1, T2, T3, T4, T5, T6)>
{
    internal override NewReference ToReference((T1, T2, T3, T4, T5, T6) value)
    {
        using NewReference tuple = CPython.PyTuple_New(6).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        PyTuple.Set(tuple.Borrow(), 3, item4, value.Item4);
        PyTuple.Set(tuple.Borrow(), 4, item5, value.Item5);
        PyTuple.Set(tuple.Borrow(), 5, item6, value.Item6);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3, T4, T5, T6) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(6, value, typeof((T1, T2, T3, T4, T5, T6)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3),
            PyTuple.Get(value, 3, item4),
            PyTuple.Get(value, 4, item5),
            PyTuple.Get(value, 5, item6));
    }
}

/// <summary>Converts a tuple of 7 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6, T7>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7) : ReferenceConverter<(T1, T2, T3, T4, T5, T6, T7)>
{
    internal override NewReference ToReference((T1, T2, T3, T4, T5, T6, T7) value)
    {
        using NewReference tuple = CPython.PyTuple_New(7).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        PyTuple.Set(tuple.Borrow(), 3, item4, value.Item4);
        PyTuple.Set(tuple.Borrow(), 4, item5, value.Item5);
        PyTuple.Set(tuple.Borrow(), 5, item6, value.Item6);
        PyTuple.Set(tuple.Borrow(), 6, item7, value.Item7);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3, T4, T5, T6, T7) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(7, value, typeof((T1, T2, T3, T4, T5, T6, T7)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3),
            PyTuple.Get(value, 3, item4),
            PyTuple.Get(value, 4, item5),
            PyTuple.Get(value, 5, item6),
            PyTuple.Get(value, 6, item7));
    }
}

/// <summary>Converts a tuple of 8 and <c>tuple</c>.</summary>
internal sealed class TupleConverter<T1, T2, T3, T4, T5, T6, T7, T8>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7, PyConverter<T8> item8) : ReferenceConverter<(T1, T2, T3, T4, T5, T6, T7, T8)>
{
    internal override NewReference ToReference((T1, T2, T3, T4, T5, T6, T7, T8) value)
    {
        using NewReference tuple = CPython.PyTuple_New(8).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, item1, value.Item1);
        PyTuple.Set(tuple.Borrow(), 1, item2, value.Item2);
        PyTuple.Set(tuple.Borrow(), 2, item3, value.Item3);
        PyTuple.Set(tuple.Borrow(), 3, item4, value.Item4);
        PyTuple.Set(tuple.Borrow(), 4, item5, value.Item5);
        PyTuple.Set(tuple.Borrow(), 5, item6, value.Item6);
        PyTuple.Set(tuple.Borrow(), 6, item7, value.Item7);
        PyTuple.Set(tuple.Borrow(), 7, item8, value.Item8);
        return NewReference.From(tuple.Borrow());
    }

    internal override (T1, T2, T3, T4, T5, T6, T7, T8) FromReference(BorrowedReference value)
    {
        PyTuple.ThrowIfNotOf(8, value, typeof((T1, T2, T3, T4, T5, T6, T7, T8)));
        return (
            PyTuple.Get(value, 0, item1),
            PyTuple.Get(value, 1, item2),
            PyTuple.Get(value, 2, item3),
            PyTuple.Get(value, 3, item4),
            PyTuple.Get(value, 4, item5),
            PyTuple.Get(value, 5, item6),
            PyTuple.Get(value, 6, item7),
            PyTuple.Get(value, 7, item8));
    }
}
