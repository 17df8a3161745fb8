using System.Globalization;
using System.Numerics;

namespace PyAsync.Conversion;

/// <summary>Converts <see cref="decimal"/> and <c>decimal.Decimal</c>; takes <c>int</c> too. Digits beyond decimal's 28 are rounded.</summary>
internal sealed class DecimalConverter : ReferenceConverter<decimal>
{
    private static BorrowedReference DecimalType => WellKnownObjects.Current.Import("decimal", "Decimal");

    internal override NewReference ToReference(decimal value)
    {
        using NewReference text = PyText.FromString(value.ToString(CultureInfo.InvariantCulture));
        return DecimalType.Call(text.Borrow()).OrThrow();
    }

    internal override decimal FromReference(BorrowedReference value)
    {
        if (value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            return FromInteger(value);
        }

        if (CPython.PyType_IsSubtype(CPython.Py_TYPE(value), DecimalType) != 0)
        {
            return TryRead(value, out decimal number) ? number : throw OutOfRange(value);
        }

        using NewReference index = CPython.PyNumber_Index(value);
        if (!index.IsNull)
        {
            return FromInteger(index.Borrow());
        }

        throw PythonErrors.TryClear("TypeError")
            ? ConversionErrors.WrongType(value, typeof(decimal), hint: "A float is not exact; convert it in Python with decimal.Decimal(str(x)).")
            : PythonErrors.Take();
    }

    /// <summary>Reads the value of a <c>Decimal</c>, if it comes back as the same one, with its exponent: <c>1E+5</c> would be <c>100000</c>.</summary>
    public static bool TryReadExactly(BorrowedReference value, out decimal number)
    {
        if (!TryRead(value, out number))
        {
            return false;
        }

        using NewReference back = PyConvert.Decimal.ToReference(number);
        return PyText.Describe(back.Borrow()) == PyText.Describe(value);
    }

    private static bool TryRead(BorrowedReference value, out decimal number) =>
        decimal.TryParse(PyText.Describe(value), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static decimal FromInteger(BorrowedReference value)
    {
        BigInteger number = PyConvert.BigInteger.FromReference(value);
        return BigInteger.Abs(number) <= new BigInteger(decimal.MaxValue) ? (decimal)number : throw OutOfRange(value);
    }

    private static PythonOverflowException OutOfRange(BorrowedReference value) =>
        ConversionErrors.OutOfRange(value, typeof(decimal), "±7.9e28, no NaN or infinity");
}

/// <summary>Converts <see cref="Guid"/> and <c>uuid.UUID</c>.</summary>
internal sealed class GuidConverter : ReferenceConverter<Guid>
{
    private static BorrowedReference UuidType => WellKnownObjects.Current.Import("uuid", "UUID");

    internal override NewReference ToReference(Guid value)
    {
        using NewReference text = PyText.FromString(value.ToString("D"));
        return UuidType.Call(text.Borrow()).OrThrow();
    }

    internal override Guid FromReference(BorrowedReference value) =>
        CPython.PyType_IsSubtype(CPython.Py_TYPE(value), UuidType) != 0
            ? Guid.Parse(PyText.Describe(value))
            : throw ConversionErrors.WrongType(value, typeof(Guid));
}
