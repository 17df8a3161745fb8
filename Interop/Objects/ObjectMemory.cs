namespace PyAsync.Interop;

/// <summary>
/// What was in the memory of an object at one moment, to see later whether anything has been done to it. An object of a type that is
/// written in C has its state there: its references, the head of the weak ones, pointers to what it holds. What changes behind a pointer is not
/// seen, so the object must have been looked at while it held nothing of that kind yet: no attributes, no list of callbacks.
/// </summary>
/// <remarks>The GIL guards it.</remarks>
internal sealed unsafe class ObjectMemory
{
    private byte[] _content = [];
    private nint _type;

    /// <summary>Looks at an object; borrowed.</summary>
    public void Take(BorrowedReference o)
    {
        BorrowedReference type = CPython.Py_TYPE(o);
        if (type.Pointer != _type)
        {
            using NewReference size = type.GetAttr(PythonInterpreter.Current.Names["__basicsize__"]).OrThrow();
            _content = new byte[(int)IntegerConverter.Truncated(size.Borrow())];
            _type = type.Pointer;
        }

        Of(o).CopyTo(_content);
    }

    /// <summary>Whether an object, the one that was looked at, is as it was then.</summary>
    public bool IsThatOf(BorrowedReference o) => Of(o).SequenceEqual(_content);

    // SAFETY: every object of a type has at least the size that the type tells; the caller holds the GIL and a reference.
    private ReadOnlySpan<byte> Of(BorrowedReference o) => new((void*)o.Pointer, _content.Length);
}
