using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Converts the integer types and <c>int</c>. Takes objects with <c>__index__</c> too, such as numpy's integers.</summary>
internal sealed class IntegerConverter<T> : ReferenceConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    internal override NewReference ToReference(T value) =>
        typeof(T) == typeof(ulong) || typeof(T) == typeof(nuint)
            ? CPython.PyLong_FromUnsignedLongLong(ulong.CreateTruncating(value)).OrThrow()
            : CPython.PyLong_FromLongLong(long.CreateTruncating(value)).OrThrow();

    internal override T FromReference(BorrowedReference value)
    {
        // The exact type is checked first: nearly all values are of it, and the check needs no call.
        if (!value.IsInstanceOfExactly(WellKnownObjects.Current.IntegerType) && !value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            return FromIndex(value);
        }

        return CompactInteger.TryRead(value, out long number) && IsInRange(number, out T narrow) ? narrow : FromAny(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T FromIndex(BorrowedReference value)
    {
        using NewReference index = IntegerConverter.Index(value, typeof(T));
        return FromAny(index.Borrow());
    }

    /// <summary>True if the value survives the conversion and back, and a negative value does not become a large one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInRange(long number, out T narrow)
    {
        narrow = T.CreateTruncating(number);
        return long.CreateTruncating(narrow) == number && T.IsNegative(narrow) == number < 0;
    }

    // Not inlined: a method that may call into C sets up a frame for that at its start.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe T FromAny(BorrowedReference value)
    {
        int overflow;
        long number = CPython.PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow == 0)
        {
            if (IsInRange(number, out T narrow))
            {
                return narrow;
            }
        }
        else if (overflow > 0 && (typeof(T) == typeof(ulong) || typeof(T) == typeof(nuint)))
        {
            ulong large = CPython.PyLong_AsUnsignedLongLong(value);
            if (CPython.PyErr_Occurred().IsNull)
            {
                return T.CreateTruncating(large);
            }

            CPython.PyErr_Clear();
        }

        throw ConversionErrors.OutOfRange(value, typeof(T), string.Create(CultureInfo.InvariantCulture, $"{T.MinValue} to {T.MaxValue}"));
    }
}

/// <summary>Shared code of the integer converters.</summary>
internal static unsafe class IntegerConverter
{
    /// <summary>Calls <c>operator.index(o)</c>; its error names the requested type.</summary>
    public static NewReference Index(BorrowedReference value, Type target)
    {
        NewReference index = CPython.PyNumber_Index(value);
        if (index.IsNull)
        {
            throw PythonErrors.TryClear("TypeError") ? ConversionErrors.WrongType(value, target) : PythonErrors.Take();
        }

        return index;
    }

    /// <summary>Gets the value of an <c>int</c>, or of an object with <c>__index__</c>; -1 if it has more than 64 bits.</summary>
    public static long Truncated(BorrowedReference value)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            using NewReference index = Index(value, typeof(long));
            return Truncated(index.Borrow());
        }

        int overflow;
        return CPython.PyLong_AsLongLongAndOverflow(value, &overflow);
    }
}
