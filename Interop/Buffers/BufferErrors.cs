namespace PyAsync.Buffers;

/// <summary>Creates the exceptions for buffers that cannot be read as requested. Each message names the Python object and the .NET type.</summary>
internal static class BufferErrors
{
    /// <summary>Creates the exception for an object that is no buffer.</summary>
    public static PythonTypeErrorException NoBuffer(BorrowedReference value, Type target) =>
        ConversionErrors.WrongType(value, target, "does not support the buffer protocol", "bytes, bytearray, memoryview, array.array and the arrays of numpy do.");

    public static PythonTypeErrorException IsReadOnly(BorrowedReference value, Type target) =>
        ConversionErrors.WrongType(value, target, "is read-only", "Use GetReadOnlyBuffer, or PyConvert.ReadOnlyBuffer, to read it without a copy.");

    public static PythonTypeErrorException HasSuboffsets(BorrowedReference value, Type target) =>
        ConversionErrors.WrongType(value, target, "has suboffsets: it refers to its rows by pointers", "Copy it in Python: bytes(x), numpy.array(x).");

    public static PythonTypeErrorException WrongItems(BorrowedReference value, Type target, ItemFormat format, nint size)
    {
        string hint = format.IsForeignOrder && size > 1
            ? "Convert it in Python: x.astype(x.dtype.newbyteorder('=')) for an array of numpy, x.byteswap() for an array.array."
            : format.TypeOf(size) is { } type ? $"Items of that format are {ConversionErrors.Name(type)} in .NET. Request that type, or convert the items in Python: x.astype(…)."
            : format.Kind == ItemKind.Structure ? $"In .NET request a struct of {size} bytes with the same fields."
            : "There is no such type in .NET. Convert the items in Python: x.astype(…).";
        return ConversionErrors.WrongType(value, target, $"has items of the format {format.Describe(size)}", hint);
    }
}
