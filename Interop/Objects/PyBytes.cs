using System.Buffers;
using System.Text;

namespace PyAsync.Objects;

/// <summary>Creates and reads Python <c>bytes</c>. Needs the GIL.</summary>
internal static unsafe class PyBytes
{
    private const int StackLimit = 512;

    /// <summary>True if an object is <c>bytes</c> or of a derived class. Its content does not change.</summary>
    public static bool IsBytes(BorrowedReference o) => o.HasFeature(CPython.Py_TPFLAGS_BYTES_SUBCLASS);

    public static NewReference From(scoped ReadOnlySpan<byte> content)
    {
        // SAFETY: pinned for the call, which copies.
        fixed (byte* start = content)
        {
            return CPython.PyBytes_FromStringAndSize(start, content.Length).OrThrow();
        }
    }

    /// <summary>Creates <c>bytes</c> with one copy, also from several segments.</summary>
    public static NewReference From(scoped in ReadOnlySequence<byte> content)
    {
        if (content.IsSingleSegment)
        {
            return From(content.FirstSpan);
        }

        NewReference created = CPython.PyBytes_FromStringAndSize(null, checked((nint)content.Length)).OrThrow();
        byte* start;
        nint length;
        _ = CPython.PyBytes_AsStringAndSize(created.Borrow(), &start, &length);

        // SAFETY: just allocated with that length, and no other code has it yet.
        content.CopyTo(new Span<byte>(start, (int)length));
        return created;
    }

    /// <summary>Creates <c>bytes</c> of a text in UTF-8, which is ASCII for most texts of a protocol.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isLower">True to convert ASCII letters to lower case.</param>
    public static NewReference FromUtf8(scoped ReadOnlySpan<char> text, bool isLower = false)
    {
        int bound = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = bound > StackLimit ? ArrayPool<byte>.Shared.Rent(bound) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackLimit];
        Span<byte> encoded = buffer[..Encoding.UTF8.GetBytes(text, buffer)];
        if (isLower)
        {
            Ascii.ToLowerInPlace(encoded, out _);
        }

        NewReference created = From(encoded);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return created;
    }

    /// <summary>Gets the content of <c>bytes</c>. Valid as long as the object.</summary>
    public static ReadOnlySpan<byte> Span(BorrowedReference bytes)
    {
        byte* start;
        nint length;
        _ = CPython.PyBytes_AsStringAndSize(bytes, &start, &length);

        // SAFETY: the object is bytes, whose content neither moves nor changes.
        return new ReadOnlySpan<byte>(start, checked((int)length));
    }
}
