using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>The integer types, both ways with <c>int</c>. Takes what has <c>__index__</c> too, such as numpy's integers.</summary>
internal sealed class IntegerConverter<T> : ReferenceConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    internal override NewReference ToReference(T value) =>
        typeof(T) == typeof(ulong) || typeof(T) == typeof(nuint)
            ? CPython.PyLong_FromUnsignedLongLong(ulong.CreateTruncating(value)).OrThrow()
            : CPython.PyLong_FromLongLong(long.CreateTruncating(value)).OrThrow();

    internal override T FromReference(BorrowedReference value)
    {
        // The type itself first: nearly all are of it, and it is known without a call.
        if (!value.IsInstanceOfExactly(PythonInterpreter.Current.Objects.IntegerType) && !value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
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

    /// <summary>In range if nothing is lost on the way there and back, nor turned from negative to large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInRange(long number, out T narrow)
    {
        narrow = T.CreateTruncating(number);
        return long.CreateTruncating(narrow) == number && T.IsNegative(narrow) == number < 0;
    }

    // Not inlined: a method that may call into C makes a frame for that as it is entered.
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

/// <summary>What the integer converters share.</summary>
internal static unsafe class IntegerConverter
{
    /// <summary><c>operator.index(o)</c>, or an error that names the type that was wanted.</summary>
    public static NewReference Index(BorrowedReference value, Type target)
    {
        NewReference index = CPython.PyNumber_Index(value);
        if (index.IsNull)
        {
            throw PythonErrors.TryClear("TypeError") ? ConversionErrors.WrongType(value, target) : PythonErrors.Take();
        }

        return index;
    }

    /// <summary>The value of an <c>int</c>, or of what has <c>__index__</c>; -1 if it has more than 64 bits.</summary>
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
