using System.Numerics;
using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Converts an enum and its number, or the member of its Python class.</summary>
internal sealed class EnumConverter<TEnum> : ReferenceConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly bool s_isUnsigned = Type.GetTypeCode(typeof(TEnum)) is TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64;

    private static readonly bool s_isFlags = typeof(TEnum).IsDefined(typeof(FlagsAttribute), inherit: false);

    internal override NewReference ToReference(TEnum value) =>
        EnumCode<TEnum>.Current is { } code ? code.ToReference(value) : EnumRegistry.Current.ToPython(value);

    internal override TEnum FromReference(BorrowedReference value)
    {
        if (EnumCode<TEnum>.Current is { IsByName: true } code)
        {
            return FromName(value, code);
        }

        if (!value.IsInstanceOfExactly(WellKnownObjects.Current.IntegerType) && IsPythonEnum(value) && !value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            using NewReference number = value.GetAttr(WellKnownNames.Current["value"]).OrThrow();
            return FromNumber(number.Borrow(), value);
        }

        return FromNumber(value, value);
    }

    /// <summary>Converts the text of a member, or a member of a Python <c>Enum</c> by its value if that is such a text, else by its name.</summary>
    private static TEnum FromName(BorrowedReference value, EnumCode<TEnum> code)
    {
        bool isText = PyText.IsString(value);
        if (isText && code.TryFromText(PyText.ToString(value), out TEnum member))
        {
            return member;
        }

        if (IsPythonEnum(value))
        {
            using NewReference inner = value.GetAttr(WellKnownNames.Current["value"]).OrThrow();
            if (PyText.IsString(inner.Borrow()) && code.TryFromText(PyText.ToString(inner.Borrow()), out member))
            {
                return member;
            }

            using NewReference name = value.GetAttr(WellKnownNames.Current["name"]).OrThrow();
            if (PyText.IsString(name.Borrow()) && code.TryFromName(PyText.ToString(name.Borrow()), out member))
            {
                return member;
            }

            isText = true; // The right kind of value, but no such member.
        }

        throw isText ? ConversionErrors.OutOfRange(value, typeof(TEnum), string.Join(", ", code.Texts)) : ConversionErrors.WrongType(value, typeof(TEnum));
    }

    private static bool IsPythonEnum(BorrowedReference value)
    {
        BorrowedReference type = WellKnownObjects.Current.FindImported("enum", "Enum");
        return !type.IsNull && CPython.PyType_IsSubtype(CPython.Py_TYPE(value), type) != 0;
    }

    /// <param name="number">The number.</param>
    /// <param name="value">The value that it is the number of, for messages.</param>
    private static TEnum FromNumber(BorrowedReference number, BorrowedReference value)
    {
        try
        {
            return FromNumber(number);
        }
        catch (PythonTypeErrorException)
        {
            throw ConversionErrors.WrongType(value, typeof(TEnum)); // The converter of the numbers has named its own type.
        }
        catch (PythonOverflowException)
        {
            throw Undefined(value);
        }
    }

    private static TEnum FromNumber(BorrowedReference value)
    {
        if (s_isFlags)
        {
            return FlagsFrom(value);
        }

        if (Type.GetTypeCode(typeof(TEnum)) == TypeCode.UInt64)
        {
            return Defined((TEnum)Enum.ToObject(typeof(TEnum), PyConvert.UInt64.FromReference(value)), value);
        }

        // ToObject would cut off the bits that do not fit.
        long number = PyConvert.Int64.FromReference(value);
        var converted = (TEnum)Enum.ToObject(typeof(TEnum), number);
        return ((IConvertible)converted).ToInt64(null) == number ? Defined(converted, value) : throw Undefined(value);
    }

    /// <summary>Converts any bits of the type, also as an unsigned number, because an <c>IntFlag</c> is one.</summary>
    private static TEnum FlagsFrom(BorrowedReference value)
    {
        BigInteger number = PyConvert.BigInteger.FromReference(value), end = BigInteger.One << (8 * Unsafe.SizeOf<TEnum>());
        if (number >= end || number < (s_isUnsigned ? 0 : -(end >> 1)))
        {
            throw Undefined(value);
        }

        return (TEnum)(number.Sign < 0 ? Enum.ToObject(typeof(TEnum), (long)number) : Enum.ToObject(typeof(TEnum), (ulong)number));
    }

    private static TEnum Defined(TEnum converted, BorrowedReference value) => Enum.IsDefined(converted) ? converted : throw Undefined(value);

    private static PythonOverflowException Undefined(BorrowedReference value) =>
        ConversionErrors.OutOfRange(value, typeof(TEnum), string.Join(", ", Enum.GetNames<TEnum>()));
}
