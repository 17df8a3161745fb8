namespace PyAsync.Interop;

public static partial class PyConvert
{
    /// <summary>
    /// The memory of the object, to read and write without a copy (<see cref="PyObject.GetBuffer{T}"/>): <c>CallAsync(f, arguments, PyConvert.Buffer&lt;float&gt;())</c> takes it on the
    /// loop's thread, so that the caller never waits for the GIL. The buffer belongs to the caller. To Python it is a <c>memoryview</c> of the same memory.
    /// </summary>
    public static PyConverter<PyBuffer<T>> Buffer<T>()
        where T : unmanaged => new BufferConverter<T>();

    /// <summary>As <see cref="Buffer{T}"/>, to read only: from <c>bytes</c> and other read-only objects too.</summary>
    public static PyConverter<PyReadOnlyBuffer<T>> ReadOnlyBuffer<T>()
        where T : unmanaged => new ReadOnlyBufferConverter<T>();
}
