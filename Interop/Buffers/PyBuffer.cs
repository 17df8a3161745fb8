using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace PyAsync.Interop;

/// <summary>
/// The memory of a Python object that supports the buffer protocol (<c>bytearray</c>, <c>memoryview</c>, <c>array.array</c>, arrays of numpy), as .NET reads and writes
/// it without a copy. <see cref="PyObject.GetBuffer{T}"/> creates it.
/// </summary>
/// <remarks>
/// <para>Until <see cref="Dispose()"/> the object keeps the memory where it is: resizing it raises <c>BufferError</c> in Python. The buffer holds the object, so that
/// the <see cref="PyObject"/> may be disposed before. It does not hold the GIL: it may be used on any thread, also without the GIL and across an
/// <see langword="await"/>. Python code that uses the same memory at the same time is not locked out.</para>
/// <para>After <see cref="Dispose()"/>, <see cref="Span"/>, <see cref="Memory"/>, <see cref="TensorSpan"/> and each <see cref="Memory{T}"/> of it throw. A pin
/// (<see cref="Memory{T}.Pin"/>, which operations on files and sockets take) delays the release to its end. A <see cref="Span{T}"/> or <see cref="TensorSpan{T}"/> that was taken before is not
/// checked: its caller must not use it after the Dispose, and must keep the buffer reachable, as <c>using</c> does.</para>
/// <para>A buffer that is not disposed is released after it was garbage-collected.</para>
/// </remarks>
/// <typeparam name="T">
/// The type of the items: a number, <see cref="bool"/>, <see cref="char"/>, <see cref="Half"/>, <see cref="System.Numerics.Complex"/>, an enum, or a struct of the size of numpy's structure.
/// </typeparam>
public sealed unsafe class PyBuffer<T> : MemoryManager<T>, IHeldBuffer
    where T : unmanaged
{
    private static readonly nint[] s_oneItem = [1];

    private readonly BufferExport _export;

    internal PyBuffer(BufferExport export) => _export = export;

    /// <summary>Gets the number of items, which is the product of <see cref="Lengths"/>.</summary>
    public nint Count => _export.Count;

    /// <summary>Gets the number of items in each dimension: Python's <c>shape</c>. Empty for an object of one item without dimensions.</summary>
    public ReadOnlySpan<nint> Lengths => _export.Lengths;

    /// <summary>Gets the distance between two items in each dimension, in bytes: Python's <c>strides</c>.</summary>
    public ReadOnlySpan<nint> Strides => _export.Strides;

    /// <summary>Gets the format of the items, as Python's <c>memoryview.format</c> has it.</summary>
    public string Format => _export.Format;

    /// <summary>True if the items follow one another without gaps, the last index changing fastest, as in an array of C#.</summary>
    public bool IsContiguous => _export.IsContiguous;

    /// <summary>Gets the items, in the order of their indexes. From any thread, without the GIL.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    /// <exception cref="InvalidOperationException">The items are not contiguous, or are more than a Span can have.</exception>
    [SuppressMessage("Naming", "CA1721:Property names should not match get methods", Justification = "The method is MemoryManager's; the property stands beside Memory and TensorSpan.")]
    public Span<T> Span => GetSpan();

    /// <summary>Gets the items as memory, which asynchronous code can keep. From any thread, without the GIL.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    /// <exception cref="InvalidOperationException">The items are not contiguous, or are more than a Memory can have.</exception>
    public override Memory<T> Memory => CreateMemory(GetSpan().Length);

    /// <summary>
    /// Gets the items with their shape and strides: also of a transposed array, or of a part of one. An object without dimensions has one of length 1 here. From
    /// any thread, without the GIL.
    /// </summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    /// <exception cref="InvalidOperationException">A tensor of .NET cannot have such strides: negative ones, or overlapping items.</exception>
    public TensorSpan<T> TensorSpan
    {
        get
        {
            ThrowIfDisposed();
            ReadOnlySpan<nint> lengths = TensorLayout(out ReadOnlySpan<nint> strides, out nint extent);
            try
            {
                // SAFETY: the export keeps the memory in place, and the extent of shape and strides is within it.
                return new TensorSpan<T>((T*)_export.Address, extent, lengths, strides);
            }
            catch (ArgumentException e)
            {
                throw BufferLayout.NoTensor(_export, e);
            }
        }
    }

    internal BufferExport Export => _export;

    /// <inheritdoc cref="TensorSpan"/>
    internal ReadOnlyTensorSpan<T> ReadOnlyTensorSpan
    {
        get
        {
            ThrowIfDisposed();
            ReadOnlySpan<nint> lengths = TensorLayout(out ReadOnlySpan<nint> strides, out nint extent);
            try
            {
                // SAFETY: as above.
                return new ReadOnlyTensorSpan<T>((T*)_export.Address, extent, lengths, strides);
            }
            catch (ArgumentException e)
            {
                throw BufferLayout.NoTensor(_export, e);
            }
        }
    }

    /// <inheritdoc cref="Span"/>
    public override Span<T> GetSpan()
    {
        ThrowIfDisposed();

        // SAFETY: the export keeps the memory in place. A Span that outlives the Dispose is the caller's responsibility.
        return new Span<T>(_export.Address, Length());
    }

    /// <summary>Holds the memory until the handle is disposed, also beyond the buffer's Dispose. From any thread, without the GIL.</summary>
    /// <param name="elementIndex">The index of the item to which the handle points, at most the number of items.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    /// <exception cref="InvalidOperationException">The items are not contiguous.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, Length());
        _export.Pin(this);
        return new MemoryHandle((T*)_export.Address + elementIndex, default, this);
    }

    /// <summary>Ends a pin: disposing the handle calls it. The last pin of a disposed buffer releases it.</summary>
    /// <exception cref="InvalidOperationException">There is no pin.</exception>
    public override void Unpin() => _export.Unpin();

    /// <summary>
    /// Releases the buffer, or lets the last pin do so. From any thread: at once if the thread holds the GIL, else without waiting for it, but before C# code next calls Python.
    /// Further calls have no effect.
    /// </summary>
    public void Dispose() => _export.Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _export.Dispose();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_export.IsDisposed, this);

    private int Length() =>
        !_export.IsContiguous ? throw BufferLayout.NotContiguous(_export)
        : _export.Count <= int.MaxValue ? (int)_export.Count
        : throw BufferLayout.TooLong(_export);

    private ReadOnlySpan<nint> TensorLayout(out ReadOnlySpan<nint> strides, out nint extent)
    {
        nint[] inItems = BufferLayout.TensorStrides(_export, out extent);
        if (_export.Lengths.Length == 0)
        {
            strides = default;
            return s_oneItem;
        }

        // .NET computes the strides of a tensor without items.
        strides = extent == 0 ? default : inItems;
        return _export.Lengths;
    }
}
