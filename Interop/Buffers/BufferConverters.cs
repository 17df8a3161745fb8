namespace PyAsync.Buffers;

/// <summary>Converts an object to its buffer, and a buffer to a memoryview of the same memory.</summary>
internal sealed class BufferConverter<T> : ReferenceConverter<PyBuffer<T>>
    where T : unmanaged
{
    public static PyBuffer<T> Take(BorrowedReference value) => new(BufferExport.Take(value, typeof(PyBuffer<T>), ItemType.Of<T>(), writable: true));

    internal override NewReference ToReference(PyBuffer<T> value) => value.Export.NewView(value);

    internal override PyBuffer<T> FromReference(BorrowedReference value) => Take(value);
}

/// <summary>Converts as <see cref="BufferConverter{T}"/> does, without the permission to write.</summary>
internal sealed class ReadOnlyBufferConverter<T> : ReferenceConverter<PyReadOnlyBuffer<T>>
    where T : unmanaged
{
    public static PyReadOnlyBuffer<T> Take(BorrowedReference value) => new(BufferExport.Take(value, typeof(PyReadOnlyBuffer<T>), ItemType.Of<T>(), writable: false));

    internal override NewReference ToReference(PyReadOnlyBuffer<T> value) => value.Export.NewView(value);

    internal override PyReadOnlyBuffer<T> FromReference(BorrowedReference value) => Take(value);
}
