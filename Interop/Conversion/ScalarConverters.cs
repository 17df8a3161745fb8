namespace PyAsync.Conversion;

/// <summary>Converts to <c>None</c>, for functions without a result. Any other object is accepted and dropped.</summary>
internal sealed class NoneConverter : ReferenceConverter<object?>
{
    internal override NewReference ToReference(object? value) => NewReference.From(InterpreterState.Current.None);

    internal override object? FromReference(BorrowedReference value) => null;
}

/// <summary>Converts <see cref="bool"/> and <c>bool</c>; other objects have a truth value but are not <c>bool</c>.</summary>
internal sealed class BooleanConverter : ReferenceConverter<bool>
{
    internal override NewReference ToReference(bool value) =>
        NewReference.From(value ? InterpreterState.Current.True : InterpreterState.Current.False);

    internal override bool FromReference(BorrowedReference value)
    {
        InterpreterState state = InterpreterState.Current;
        return value == state.True || (value != state.False && NumPyScalar.ReadBoolean(value));
    }
}

/// <summary>Converts <see cref="double"/> and <c>float</c>; takes objects with <c>__float__</c> or <c>__index__</c> too.</summary>
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

/// <summary>Converts <see cref="float"/> and <c>float</c>.</summary>
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

/// <summary>Converts <see cref="string"/> and <c>str</c>; null becomes <c>None</c>.</summary>
internal sealed class StringConverter : ReferenceConverter<string>, INonNullConverter
{
    internal override NewReference ToReference(string value) =>
        value is null ? NewReference.From(InterpreterState.Current.None) : PyText.FromString(value);

    internal override string FromReference(BorrowedReference value)
    {
        if (PyText.IsString(value))
        {
            return PyText.ToString(value);
        }

        throw ConversionErrors.WrongType(value, typeof(string), hint: value.IsNone ? null : "Use ToString() for str() of any object.");
    }
}

/// <summary>Converts <see cref="char"/> and a <c>str</c> of one UTF-16 unit.</summary>
internal sealed class CharConverter : ReferenceConverter<char>
{
    internal override NewReference ToReference(char value) => PyText.FromString(value.ToString());

    internal override char FromReference(BorrowedReference value) =>
        PyText.IsString(value) && PyText.ToString(value) is [var only]
            ? only
            : throw ConversionErrors.WrongType(value, typeof(char), PyText.IsString(value) ? "does not have one character of 16 bits" : null);
}

/// <summary>Converts a byte array and <c>bytes</c>; takes <c>bytearray</c> and <c>memoryview</c> too.</summary>
internal sealed unsafe class BytesConverter : ReferenceConverter<byte[]>, INonNullConverter
{
    internal override NewReference ToReference(byte[] value) =>
        value is null ? NewReference.From(InterpreterState.Current.None) : FromSpan(value);

    internal override byte[] FromReference(BorrowedReference value)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        if (value.HasFeature(CPython.Py_TPFLAGS_BYTES_SUBCLASS))
        {
            byte* bytes;
            nint size;
            _ = CPython.PyBytes_AsStringAndSize(value, &bytes, &size);
            ThrowIfTooLarge(value, size);

            // SAFETY: the bytes object lives for the call, and bytes do not change.
            return new ReadOnlySpan<byte>(bytes, (int)size).ToArray();
        }

        if (CPython.PyType_IsSubtype(CPython.Py_TYPE(value), objects.ByteArrayType) != 0
            || value.IsInstanceOfExactly(objects.MemoryViewType))
        {
            ThrowIfTooLarge(value, Size(value));
            using NewReference copy = CPython.PyBytes_FromObject(value).OrThrow();
            return FromReference(copy.Borrow());
        }

        throw ConversionErrors.WrongType(value, typeof(byte[]));
    }

    /// <summary>True if an array can hold the bytes of a <c>bytes</c> object.</summary>
    public static bool FitsInArray(BorrowedReference bytes) => CPython.PyObject_Size(bytes) <= Array.MaxLength;

    private static void ThrowIfTooLarge(BorrowedReference value, nint size)
    {
        if (size > Array.MaxLength)
        {
            throw ConversionErrors.TooLarge(value, typeof(byte[]), $"{size} bytes", $"{Array.MaxLength} bytes");
        }
    }

    /// <summary>Gets the number of bytes of a bytearray or a memoryview, whose items may be larger than one byte.</summary>
    private static nint Size(BorrowedReference value)
    {
        if (!value.IsInstanceOfExactly(WellKnownObjects.Current.MemoryViewType))
        {
            return CPython.PyObject_Size(value);
        }

        using NewReference size = value.GetAttr(WellKnownNames.Current["nbytes"]).OrThrow();
        return (nint)IntegerConverter.Truncated(size.Borrow());
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

/// <summary>Converts <see cref="ReadOnlyMemory{T}"/> of bytes and <c>bytes</c>.</summary>
internal sealed class ByteMemoryConverter : ReferenceConverter<ReadOnlyMemory<byte>>
{
    internal override NewReference ToReference(ReadOnlyMemory<byte> value) => BytesConverter.FromSpan(value.Span);

    internal override ReadOnlyMemory<byte> FromReference(BorrowedReference value) =>
        value.IsNone ? throw ConversionErrors.WrongType(value, typeof(ReadOnlyMemory<byte>)) : PyConvert.Bytes.FromReference(value);
}

/// <summary>Passes a <see cref="Interop.PyObject"/> itself; null and <c>None</c>. An object from Python belongs to the caller.</summary>
internal sealed class PyObjectConverter : ReferenceConverter<PyObject>
{
    internal override NewReference ToReference(PyObject value) =>
        NewReference.From(value is null ? InterpreterState.Current.None : value.Reference);

    internal override PyObject FromReference(BorrowedReference value) => PyObject.FromBorrowed(value);
}
