using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace PyAsync.Buffers;

/// <summary>
/// Holds the buffer of a Python object through a memoryview: until the release the object neither frees, moves nor resizes the memory. The owner holds it,
/// and so does each pin. The last one releases it, on any thread, without waiting for the GIL.
/// </summary>
internal sealed unsafe class BufferExport
{
    private const int DisposedFlag = int.MinValue;

    private readonly nint _view;
    private readonly void* _address;

    // The number of pins, and the flag once the owner has disposed it. Equal to the flag: released.
    private int _state;

    private BufferExport(NewReference view, in CPython.Py_buffer buffer, string typeName, ItemFormat format)
    {
        _view = view.Take();
        _address = buffer.buf;
        TypeName = typeName;
        Format = format.Text;
        ItemSize = buffer.itemsize;
        IsReadOnly = buffer.@readonly != 0;
        Lengths = new ReadOnlySpan<nint>(buffer.shape, buffer.ndim).ToArray();
        Strides = new ReadOnlySpan<nint>(buffer.strides, buffer.ndim).ToArray();
        Count = buffer.len / buffer.itemsize;
        IsContiguous = BufferLayout.IsContiguous(Lengths, Strides, ItemSize);
    }

    /// <summary>Releases an export that was not disposed, later, when a thread holds the GIL.</summary>
    ~BufferExport()
    {
        if (_state != DisposedFlag)
        {
            DeferredReleases.Defer(_view);
        }
    }

    /// <summary>Gets the name of the exporting object's type.</summary>
    public string TypeName { get; }

    public string Format { get; }

    public nint ItemSize { get; }

    public bool IsReadOnly { get; }

    public nint[] Lengths { get; }

    /// <summary>Gets the strides in bytes.</summary>
    public nint[] Strides { get; }

    /// <summary>Gets the number of items.</summary>
    public nint Count { get; }

    /// <summary>True if the items follow one another without gaps, in the order of their indexes.</summary>
    public bool IsContiguous { get; }

    public bool IsDisposed => Volatile.Read(ref _state) < 0;

    /// <summary>Gets the address of the first item, which is not that of the lowest if a stride is negative. Valid until the release, even after Dispose.</summary>
    public void* Address => _address;

    /// <summary>Takes the buffer of an object. Needs the GIL.</summary>
    /// <param name="value">The object.</param>
    /// <param name="target">The requested .NET type, for messages.</param>
    /// <param name="item">The type of the items.</param>
    /// <param name="writable">True if a read-only buffer is refused.</param>
    /// <exception cref="PythonTypeErrorException">The object has no buffer, or one of other items, or a read-only one.</exception>
    /// <exception cref="PythonException">The object refuses.</exception>
    public static BufferExport Take(BorrowedReference value, Type target, ItemType item, bool writable)
    {
        if (CPython.PyObject_CheckBuffer(value) == 0)
        {
            throw BufferErrors.NoBuffer(value, target);
        }

        // May run Python code: __buffer__, from 3.12 on.
        NewReference view = ForkedChild.Checked(CPython.PyMemoryView_FromObject(value)).OrThrow();
        try
        {
            // SAFETY: a memoryview fills in the whole structure. Its pointers are those of the memoryview, which outlives this method or is dropped after the last use.
            CPython.Py_buffer buffer;
            PythonErrors.ThrowIfNegative(CPython.PyObject_GetBuffer(view.Borrow(), &buffer, CPython.PyBUF_FULL_RO));
            CPython.PyBuffer_Release(&buffer);
            var format = ItemFormat.Parse(buffer.format == null ? "B" : Marshal.PtrToStringUTF8((nint)buffer.format)!, buffer.itemsize);
            if (buffer.suboffsets != null)
            {
                throw BufferErrors.HasSuboffsets(value, target);
            }

            if (!item.Matches(format, buffer.itemsize))
            {
                throw BufferErrors.WrongItems(value, target, format, buffer.itemsize);
            }

            if (writable && buffer.@readonly != 0)
            {
                throw BufferErrors.IsReadOnly(value, target);
            }

            var export = new BufferExport(view, buffer, PyText.TypeName(CPython.Py_TYPE(value)), format);
            view = default;
            return export;
        }
        finally
        {
            view.Dispose();
        }
    }

    /// <summary>Creates a memoryview of the same memory, which Python code may release without an effect on this export. Needs the GIL.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public NewReference NewView(object owner)
    {
        Pin(owner);
        try
        {
            return CPython.PyMemoryView_FromObject(new BorrowedReference(_view)).OrThrow();
        }
        finally
        {
            Unpin();
        }
    }

    /// <summary>Delays the release until <see cref="Unpin"/>.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public void Pin(object owner)
    {
        int state = Volatile.Read(ref _state);
        while (true)
        {
            ObjectDisposedException.ThrowIf(state < 0, owner);
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return;
            }

            state = seen;
        }
    }

    /// <exception cref="InvalidOperationException">There is no pin.</exception>
    public void Unpin()
    {
        int state = Volatile.Read(ref _state);
        while (true)
        {
            if ((state & ~DisposedFlag) == 0)
            {
                throw new InvalidOperationException("The buffer is not pinned: each MemoryHandle is disposed once.");
            }

            int seen = Interlocked.CompareExchange(ref _state, state - 1, state);
            if (seen == state)
            {
                break;
            }

            state = seen;
        }

        if (state - 1 == DisposedFlag)
        {
            Release();
        }
    }

    /// <summary>Ends the owner's use. Further calls have no effect.</summary>
    public void Dispose()
    {
        if (Interlocked.Or(ref _state, DisposedFlag) == 0)
        {
            Release();
        }
    }

    /// <summary>Runs once: the state becomes equal to the flag once.</summary>
    [SuppressMessage("Usage", "CA1816:Dispose methods should call SuppressFinalize", Justification = "The last pin may do so after Dispose.")]
    private void Release()
    {
        GC.SuppressFinalize(this);
        DeferredReleases.ReleaseUrgently(_view);
    }
}
