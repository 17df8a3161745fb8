namespace PyAsync.Conversion;

/// <summary>Copies the bytes of a Python object into given memory. For one conversion.</summary>
/// <param name="target">The memory.</param>
internal sealed unsafe class BytesIntoMemoryConverter(Memory<byte> target) : PyConverter<int>
{
    public override PyObject ToPython(int value) => throw new NotSupportedException();

    public override int FromPython(PyObject value)
    {
        using AttachScope scope = PythonThread.Attach();
        return FromReference(value.Reference);
    }

    internal override int FromReference(BorrowedReference value)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_BYTES_SUBCLASS))
        {
            throw ConversionErrors.WrongType(value, typeof(Memory<byte>));
        }

        byte* bytes;
        nint size;
        _ = CPython.PyBytes_AsStringAndSize(value, &bytes, &size);
        if (size > target.Length)
        {
            throw new InvalidOperationException($"A reader returned {size} bytes where at most {target.Length} were asked for.");
        }

        // SAFETY: the bytes object lives for the call, and bytes do not change.
        new ReadOnlySpan<byte>(bytes, (int)size).CopyTo(target.Span);
        return (int)size;
    }
}
