using System.Globalization;
using System.Numerics;

namespace PyAsync.Conversion;

/// <summary>Converts <see cref="BigInteger"/> and <c>int</c>, by hexadecimal digits, which CPython converts in linear time and without a limit.</summary>
internal sealed unsafe class BigIntegerConverter : ReferenceConverter<BigInteger>
{
    internal override NewReference ToReference(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            return CPython.PyLong_FromLongLong((long)value).OrThrow();
        }

        string hex = (value.Sign < 0 ? "-" : "") + BigInteger.Abs(value).ToString("x", CultureInfo.InvariantCulture) + "\0";

        // SAFETY: pinned for the call, ends with a zero byte.
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(hex))
        {
            return CPython.PyLong_FromString(text, null, 16).OrThrow();
        }
    }

    internal override BigInteger FromReference(BorrowedReference value)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            using NewReference index = IntegerConverter.Index(value, typeof(BigInteger));
            return FromReference(index.Borrow());
        }

        int overflow;
        long small = CPython.PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow == 0)
        {
            return small;
        }

        using NewReference text = CPython.PyNumber_ToBase(value, 16).OrThrow();
        string hex = PyText.ToString(text.Borrow());
        bool negative = hex[0] == '-';

        // A leading zero keeps .NET from reading the first digit's top bit as a sign.
        BigInteger magnitude = BigInteger.Parse("0" + hex[(negative ? 3 : 2)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return negative ? -magnitude : magnitude;
    }
}
