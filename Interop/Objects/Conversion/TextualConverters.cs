using System.Globalization;

namespace PyAsync.Interop;

/// <summary><see cref="decimal"/> and <c>decimal.Decimal</c>; takes <c>int</c> too. Digits beyond decimal's 28 are rounded.</summary>
internal sealed class DecimalConverter : ReferenceConverter<decimal>
{
    private static BorrowedReference DecimalType => PythonInterpreter.Current.Objects.Import("decimal", "Decimal");

    internal override NewReference ToReference(decimal value)
    {
        using NewReference text = PyText.FromString(value.ToString(CultureInfo.InvariantCulture));
        return DecimalType.Call(text.Borrow()).OrThrow();
    }

    internal override decimal FromReference(BorrowedReference value)
    {
        if (CPython.PyType_IsSubtype(CPython.Py_TYPE(value), DecimalType) == 0 && !value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            throw ConversionErrors.WrongType(value, typeof(decimal), "A float is not exact; convert it in Python with decimal.Decimal(str(x)).");
        }

        return decimal.TryParse(PyText.Describe(value), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : throw ConversionErrors.OutOfRange(value, typeof(decimal), "±7.9e28, no NaN or infinity");
    }
}

/// <summary><see cref="Guid"/> and <c>uuid.UUID</c>.</summary>
internal sealed class GuidConverter : ReferenceConverter<Guid>
{
    private static BorrowedReference UuidType => PythonInterpreter.Current.Objects.Import("uuid", "UUID");

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
