namespace PyAsync.Interop;

// Memory that both sides use without a copy.
public sealed partial class PyObject
{
    /// <summary>
    /// Gets the object's memory to read and write without a copy: that of a <c>bytearray</c>, a <c>memoryview</c>, an <c>array.array</c>, an array of numpy, or any other object
    /// that supports the buffer protocol. Attaches; the result holds the buffer, not the GIL. Dispose it: until then Python cannot resize the object.
    /// </summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <exception cref="InvalidCastException">
    /// The object has no buffer, or a read-only one (<see cref="GetReadOnlyBuffer{T}"/> takes it), or its items are of another type or in the other byte order, or lie behind pointers (suboffsets).
    /// </exception>
    /// <exception cref="PythonException">The object refuses.</exception>
    public PyBuffer<T> GetBuffer<T>()
        where T : unmanaged
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return BufferConverter<T>.Take(self.Borrow());
    }

    /// <summary>Gets the object's memory to read without a copy, as <see cref="GetBuffer{T}"/> does; that of <c>bytes</c> and other read-only objects too.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <exception cref="InvalidCastException">The object has no buffer, or its items are of another type or in the other byte order, or lie behind pointers (suboffsets).</exception>
    /// <exception cref="PythonException">The object refuses.</exception>
    public PyReadOnlyBuffer<T> GetReadOnlyBuffer<T>()
        where T : unmanaged
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return ReadOnlyBufferConverter<T>.Take(self.Borrow());
    }
}
