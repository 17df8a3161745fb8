using System.Buffers;

namespace PyAsync.Interop;

// Memory of .NET that Python uses without a copy.
public sealed partial class PyObject
{
    /// <summary>
    /// Gives .NET memory to Python, without a copy: a <c>memoryview</c> that Python code reads and writes, and from which <c>numpy.asarray(view)</c> makes an array of the
    /// same memory. The memory is pinned. When Python has released the view, and everything made of it, the owner is disposed: on the thread that does so, with the GIL held, so
    /// its Dispose must be quick. An exception of that Dispose goes to <c>sys.unraisablehook</c>.
    /// </summary>
    /// <remarks>Attaches. The owner is Python's from now on, unless this method throws. The result belongs to the caller: Python's views outlive its Dispose.
    /// A view that still exists when the process ends is released only if Python is finalised.</remarks>
    /// <param name="owner">The owner of the memory: a pool's, or a <see cref="PyBuffer{T}"/>.</param>
    /// <param name="shape">
    /// The number of items in each dimension, the last index changing fastest. The product is at most the number of items in the memory, of which the first ones are taken, since a pool's memory may be longer
    /// than requested. Empty for one dimension with all items.
    /// </param>
    /// <typeparam name="T">The type of the items, as that of a <see cref="PyBuffer{T}"/>. Of a struct Python sees the bytes, in one more dimension.</typeparam>
    /// <exception cref="ArgumentException">The shape has a negative length, more items than the memory, or more than 64 dimensions.</exception>
    /// <exception cref="ObjectDisposedException">The owner is disposed.</exception>
    public static PyObject FromMemory<T>(IMemoryOwner<T> owner, ReadOnlySpan<nint> shape = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(owner);
        return FromMemory<T>(owner.Memory, owner, shape, isReadOnly: false);
    }

    /// <summary>
    /// Gives .NET memory to Python, without a copy, as <see cref="FromMemory{T}(IMemoryOwner{T}, ReadOnlySpan{nint})"/> does. The memory is pinned until Python has released the view.
    /// </summary>
    /// <param name="memory">The memory: an array, a part of one, or that of a <see cref="MemoryManager{T}"/>.</param>
    /// <param name="shape">The number of items in each dimension, as for an owner's memory.</param>
    /// <inheritdoc cref="FromMemory{T}(IMemoryOwner{T}, ReadOnlySpan{nint})" path="/typeparam|/exception"/>
    public static PyObject FromMemory<T>(Memory<T> memory, ReadOnlySpan<nint> shape = default)
        where T : unmanaged => FromMemory<T>(memory, null, shape, isReadOnly: false);

    /// <summary>Gives an array to Python, without a copy, as <see cref="FromMemory{T}(Memory{T}, ReadOnlySpan{nint})"/> does. The array is pinned until Python has released the view.</summary>
    /// <param name="array">The array. <see cref="MemoryExtensions.AsMemory{T}(T[], int, int)"/> makes the memory of a part of one.</param>
    /// <param name="shape">The number of items in each dimension, as for an owner's memory.</param>
    /// <inheritdoc cref="FromMemory{T}(IMemoryOwner{T}, ReadOnlySpan{nint})" path="/typeparam|/exception"/>
    public static PyObject FromMemory<T>(T[] array, ReadOnlySpan<nint> shape = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return FromMemory<T>(array.AsMemory(), null, shape, isReadOnly: false);
    }

    /// <summary>
    /// Gives .NET memory to Python, without a copy, as <see cref="FromMemory{T}(IMemoryOwner{T}, ReadOnlySpan{nint})"/> does: a read-only <c>memoryview</c>. The memory is pinned until Python has
    /// released the view.
    /// </summary>
    /// <inheritdoc cref="FromMemory{T}(Memory{T}, ReadOnlySpan{nint})" path="/param|/typeparam|/exception"/>
    public static PyObject FromMemory<T>(ReadOnlyMemory<T> memory, ReadOnlySpan<nint> shape = default)
        where T : unmanaged => FromMemory(memory, null, shape, isReadOnly: true);

    private static PyObject FromMemory<T>(ReadOnlyMemory<T> memory, IDisposable? owner, ReadOnlySpan<nint> shape, bool isReadOnly)
        where T : unmanaged
    {
        ReadOnlySpan<nint> lengths = shape.IsEmpty ? [memory.Length] : shape;
        var item = ItemType.Of<T>();
        BufferLayout.ThrowIfNotWithin(lengths, memory.Length, item);
        using AttachScope scope = PythonThread.Attach();
        NewReference view = MemoryType.NewView(new DotNetMemory(memory.Pin(), item, lengths, isReadOnly), owner);
        return new PyObject(view.Take(), Urgent);
    }
}
