using System.Numerics.Tensors;

namespace PyAsync.Interop;

/// <summary>
/// The memory of a Python object that supports the buffer protocol (<c>bytes</c> too), as .NET reads it without a copy. <see cref="PyObject.GetReadOnlyBuffer{T}"/>
/// creates it.
/// </summary>
/// <remarks>As <see cref="PyBuffer{T}"/>, which explains threads, pins and the release, but .NET code cannot write, and Python's memory may be read-only.</remarks>
/// <typeparam name="T">The type of the items, as that of a <see cref="PyBuffer{T}"/>.</typeparam>
public sealed class PyReadOnlyBuffer<T> : IHeldBuffer
    where T : unmanaged
{
    // Not shown to callers, because its Memory and Span are writable.
    private readonly PyBuffer<T> _buffer;

    internal PyReadOnlyBuffer(BufferExport export) => _buffer = new PyBuffer<T>(export);

    /// <inheritdoc cref="PyBuffer{T}.Count"/>
    public nint Count => _buffer.Count;

    /// <inheritdoc cref="PyBuffer{T}.Lengths"/>
    public ReadOnlySpan<nint> Lengths => _buffer.Lengths;

    /// <inheritdoc cref="PyBuffer{T}.Strides"/>
    public ReadOnlySpan<nint> Strides => _buffer.Strides;

    /// <inheritdoc cref="PyBuffer{T}.Format"/>
    public string Format => _buffer.Format;

    /// <inheritdoc cref="PyBuffer{T}.IsContiguous"/>
    public bool IsContiguous => _buffer.IsContiguous;

    /// <summary>True if Python code cannot write either: <c>bytes</c>, an array of numpy that is not writeable.</summary>
    public bool IsReadOnly => _buffer.Export.IsReadOnly;

    /// <inheritdoc cref="PyBuffer{T}.Span"/>
    public ReadOnlySpan<T> Span => _buffer.GetSpan();

    /// <inheritdoc cref="PyBuffer{T}.Memory"/>
    public ReadOnlyMemory<T> Memory => _buffer.Memory;

    /// <inheritdoc cref="PyBuffer{T}.TensorSpan"/>
    public ReadOnlyTensorSpan<T> TensorSpan => _buffer.ReadOnlyTensorSpan;

    internal BufferExport Export => _buffer.Export;

    /// <inheritdoc cref="PyBuffer{T}.Dispose()"/>
    public void Dispose() => _buffer.Dispose();
}
