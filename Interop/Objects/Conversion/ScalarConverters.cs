namespace PyAsync.Interop;

/// <summary><c>None</c>, for what returns nothing. Any other object is taken and dropped.</summary>
internal sealed class NoneConverter : ReferenceConverter<object?>
{
    internal override NewReference ToReference(object? value) => NewReference.From(PythonInterpreter.Current.None);

    internal override object? FromReference(BorrowedReference value) => null;
}

/// <summary><see cref="bool"/> and <c>bool</c>; other objects have a truth but are no <c>bool</c>.</summary>
internal sealed class BooleanConverter : ReferenceConverter<bool>
{
    internal override NewReference ToReference(bool value) =>
        NewReference.From(value ? PythonInterpreter.Current.Objects.True : PythonInterpreter.Current.Objects.False);

    internal override bool FromReference(BorrowedReference value)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        return value == objects.True || (value == objects.False
            ? false
            : throw ConversionErrors.WrongType(value, typeof(bool), "Use IsTrue() for the truth of any object."));
    }
}

/// <summary><see cref="double"/> and <c>float</c>; takes what has <c>__float__</c> or <c>__index__</c> too.</summary>
internal sealed class DoubleConverter : ReferenceConverter<double>
{
    internal override NewReference ToReference(double value) => CPython.PyFloat_FromDouble(value).OrThrow();

    internal override double FromReference(BorrowedReference value) => Read(value, typeof(double));

    public static double Read(BorrowedReference value, Type target)
    {
        double number = CPython.PyFloat_AsDouble(value);
        if (number == -1.0 && !CPython.PyErr_Occurred().IsNull)
        {
            throw PythonErrors.TryClear("TypeError") ? ConversionErrors.WrongType(value, target)
                : PythonErrors.TryClear("OverflowError") ? ConversionErrors.OutOfRange(value, target, "±1.8e308")
                : PythonErrors.Take();
        }

        return number;
    }
}

/// <summary><see cref="float"/> and <c>float</c>.</summary>
internal sealed class SingleConverter : ReferenceConverter<float>
{
    internal override NewReference ToReference(float value) => CPython.PyFloat_FromDouble(value).OrThrow();

    internal override float FromReference(BorrowedReference value)
    {
        double number = DoubleConverter.Read(value, typeof(float));
        return float.IsInfinity((float)number) && !double.IsInfinity(number)
            ? throw ConversionErrors.OutOfRange(value, typeof(float), "±3.4e38")
            : (float)number;
    }
}

/// <summary><see cref="string"/> and <c>str</c>; null and <c>None</c>.</summary>
internal sealed class StringConverter : ReferenceConverter<string>
{
    internal override NewReference ToReference(string value) =>
        value is null ? NewReference.From(PythonInterpreter.Current.None) : PyText.FromString(value);

    internal override string FromReference(BorrowedReference value)
    {
        if (PyText.IsString(value))
        {
            return PyText.ToString(value);
        }

        return value.IsNone ? null! : throw ConversionErrors.WrongType(value, typeof(string), "Use ToString() for str() of any object.");
    }
}

/// <summary><see cref="char"/> and a <c>str</c> of one UTF-16 unit.</summary>
internal sealed class CharConverter : ReferenceConverter<char>
{
    internal override NewReference ToReference(char value) => PyText.FromString(value.ToString());

    internal override char FromReference(BorrowedReference value) =>
        PyText.IsString(value) && PyText.ToString(value) is [var only]
            ? only
            : throw ConversionErrors.WrongType(value, typeof(char), "It takes a str of one character.");
}

/// <summary>Bytes and <c>bytes</c>; takes <c>bytearray</c> and <c>memoryview</c> too.</summary>
internal sealed unsafe class BytesConverter : ReferenceConverter<byte[]>
{
    internal override NewReference ToReference(byte[] value) =>
        value is null ? NewReference.From(PythonInterpreter.Current.None) : FromSpan(value);

    internal override byte[] FromReference(BorrowedReference value)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        if (value.IsNone)
        {
            return null!;
        }

        if (value.HasFeature(CPython.Py_TPFLAGS_BYTES_SUBCLASS))
        {
            byte* bytes;
            nint size;
            _ = CPython.PyBytes_AsStringAndSize(value, &bytes, &size);

            // SAFETY: the bytes object lives for the call, and bytes do not change.
            return new ReadOnlySpan<byte>(bytes, checked((int)size)).ToArray();
        }

        if (CPython.PyType_IsSubtype(CPython.Py_TYPE(value), objects.ByteArrayType) != 0
            || value.IsInstanceOfExactly(objects.MemoryViewType))
        {
            using NewReference copy = CPython.PyBytes_FromObject(value).OrThrow();
            return FromReference(copy.Borrow());
        }

        throw ConversionErrors.WrongType(value, typeof(byte[]));
    }

    public static NewReference FromSpan(ReadOnlySpan<byte> bytes)
    {
        // SAFETY: pinned for the call, which copies.
        fixed (byte* start = bytes)
        {
            return CPython.PyBytes_FromStringAndSize(start, bytes.Length).OrThrow();
        }
    }
}

/// <summary><see cref="ReadOnlyMemory{T}"/> of bytes and <c>bytes</c>.</summary>
internal sealed class ByteMemoryConverter : ReferenceConverter<ReadOnlyMemory<byte>>
{
    internal override NewReference ToReference(ReadOnlyMemory<byte> value) => BytesConverter.FromSpan(value.Span);

    internal override ReadOnlyMemory<byte> FromReference(BorrowedReference value) =>
        PyConvert.Bytes.FromReference(value) ?? throw ConversionErrors.WrongType(value, typeof(ReadOnlyMemory<byte>));
}

/// <summary><see cref="Interop.PyObject"/> itself; null and <c>None</c>. What comes from Python belongs to the caller.</summary>
internal sealed class PyObjectConverter : ReferenceConverter<PyObject>
{
    internal override NewReference ToReference(PyObject value) =>
        NewReference.From(value is null ? PythonInterpreter.Current.None : value.Reference);

    internal override PyObject FromReference(BorrowedReference value) => PyObject.FromBorrowed(value);
}

/// <summary>An enum and its number.</summary>
internal sealed class EnumConverter<TEnum> : ReferenceConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly bool s_unsigned = Enum.GetUnderlyingType(typeof(TEnum)) == typeof(ulong);

    internal override NewReference ToReference(TEnum value) => s_unsigned
        ? PyConvert.UInt64.ToReference(((IConvertible)value).ToUInt64(null))
        : PyConvert.Int64.ToReference(((IConvertible)value).ToInt64(null));

    internal override TEnum FromReference(BorrowedReference value)
    {
        TEnum converted = s_unsigned
            ? (TEnum)Enum.ToObject(typeof(TEnum), PyConvert.UInt64.FromReference(value))
            : (TEnum)Enum.ToObject(typeof(TEnum), PyConvert.Int64.FromReference(value));
        return Enum.IsDefined(converted) || typeof(TEnum).IsDefined(typeof(FlagsAttribute), inherit: false)
            ? converted
            : throw ConversionErrors.OutOfRange(value, typeof(TEnum), string.Join(", ", Enum.GetNames<TEnum>()));
    }
}
