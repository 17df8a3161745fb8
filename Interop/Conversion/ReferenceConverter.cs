namespace PyAsync.Conversion;

/// <summary>A converter of this library. It works on references, so that hot paths allocate no managed owners.</summary>
internal abstract class ReferenceConverter<T> : PyConverter<T>
{
    public sealed override PyObject ToPython(T value)
    {
        Nesting.ThrowIfStackIsLow();
        using AttachScope scope = PythonThread.Attach();
        return ToReference(value).ToPyObject();
    }

    public sealed override T FromPython(PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Nesting.ThrowIfStackIsLow();
        using AttachScope scope = PythonThread.Attach();
        using NewReference kept = NewReference.From(value.Reference);
        return FromReference(kept.Borrow());
    }

    internal abstract override NewReference ToReference(T value);

    internal abstract override T FromReference(BorrowedReference value);
}
