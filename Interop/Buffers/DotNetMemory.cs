using System.Buffers;
using System.Runtime.InteropServices;

namespace PyAsync.Buffers;

/// <summary>.NET memory that Python uses: pinned, with the description that CPython keeps pointers to, until Python has released it.</summary>
internal sealed unsafe class DotNetMemory
{
    // Lives as long as the process, as the types of .NET do.
    private readonly byte* _format;
    private readonly void* _address;
    private readonly nint _size;
    private readonly ItemType _item;
    private readonly bool _isReadOnly;
    private readonly int _rank;

    // The lengths, then the strides.
    private readonly nint* _layout;
    private MemoryHandle _pin;

    /// <summary>Takes over the pin. Does not throw, except if there is no memory.</summary>
    public DotNetMemory(MemoryHandle pin, ItemType item, ReadOnlySpan<nint> lengths, bool isReadOnly)
    {
        // Python does not know the fields of a struct: an additional dimension has the struct's bytes.
        bool isStructure = item.Kind == ItemKind.Structure;
        _rank = lengths.Length + (isStructure ? 1 : 0);
        _item = isStructure ? ItemType.Of<byte>() : item;
        _format = FormatOf(_item);
        _isReadOnly = isReadOnly;
        _pin = pin;
        _address = pin.Pointer;

        // SAFETY: room for both; freed by the release, after which CPython reads it no more.
        _layout = (nint*)NativeMemory.Alloc((nuint)(2 * Math.Max(1, _rank)), (nuint)sizeof(nint));
        var allLengths = new Span<nint>(_layout, _rank);
        lengths.CopyTo(allLengths);
        if (isStructure)
        {
            allLengths[^1] = item.Size;
        }

        BufferLayout.FillContiguous(allLengths, new Span<nint>(_layout + _rank, _rank), _item.Size);
        _size = _item.Size;
        foreach (nint length in allLengths)
        {
            _size *= length;
        }
    }

    /// <summary>Gets or sets the owner that the release disposes.</summary>
    public IDisposable? Owner { get; set; }

    /// <summary>Fills in a structure as a getbuffer slot does. Needs the GIL.</summary>
    /// <returns>An error for Python, or null.</returns>
    public string? Fill(CPython.Py_buffer* view, nint exporter, int flags)
    {
        if (_isReadOnly && (flags & CPython.PyBUF_WRITABLE) != 0)
        {
            return "the .NET memory is read-only";
        }

        if ((flags & CPython.PyBUF_F_CONTIGUOUS) == CPython.PyBUF_F_CONTIGUOUS && _rank > 1)
        {
            return "the .NET memory is C-contiguous, not Fortran-contiguous";
        }

        bool hasShape = (flags & CPython.PyBUF_ND) == CPython.PyBUF_ND;

        // SAFETY: CPython passes a structure to fill in, which then holds a reference to the exporter, and so this memory.
        *view = new CPython.Py_buffer
        {
            // Not NULL, which means to some code that there is no buffer.
            buf = _address == null ? _layout : _address,
            obj = NewReference.From(new BorrowedReference(exporter)).Take(),
            len = _size,
            itemsize = _item.Size,
            @readonly = _isReadOnly ? 1 : 0,
            ndim = hasShape ? _rank : 1, // As memoryview does: without a shape it is a row of bytes.
            format = (flags & CPython.PyBUF_FORMAT) != 0 ? _format : null,
            shape = hasShape ? _layout : null,
            strides = (flags & CPython.PyBUF_STRIDES) == CPython.PyBUF_STRIDES ? _layout + _rank : null,
        };
        return null;
    }

    /// <summary>Unpins the memory and disposes the owner. Runs once, on whichever thread drops Python's last reference.</summary>
    public void Release()
    {
        NativeMemory.Free(_layout);
        try
        {
            _pin.Dispose(); // May run code of the application: Unpin of a MemoryManager.
        }
        finally
        {
            Owner?.Dispose();
        }
    }

    private static byte* FormatOf(ItemType item) => InterpreterState.Current.Attachment<Formats>().Get(item.Format);

    private sealed class Formats
    {
        private readonly Dictionary<string, nint> _known = [];

        public byte* Get(string format)
        {
            if (!_known.TryGetValue(format, out nint text))
            {
                text = (nint)CPython.Utf8(format);
                _known[format] = text;
            }

            return (byte*)text;
        }
    }
}
