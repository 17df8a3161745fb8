using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// unicodeobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_FromStringAndSize(byte* utf8, nint size);

    // PyASCIIObject: a head, a length, a hash, the state, and a pointer that is NULL.
    private const int AsciiHead = 48;

    /// <summary>Changes ASCII text that nobody else has seen, as <c>PyUnicode_WriteChar</c> does; false if it is referred to twice, or has been hashed.</summary>
    /// <remarks>Private fields of 3.10 and 3.11, which change no layouts any more; whoever uses it asks <see cref="IsAsciiText"/> first.</remarks>
    internal static bool TryWriteAscii(BorrowedReference o, int index, byte character)
    {
        // SAFETY: a str is a head, a length, a hash; the caller holds the GIL and a reference. An interned one has been hashed.
        nint hash = ((nint*)((PyObjectHead*)o.Pointer + 1))[1];
        if (Py_REFCNT(o) != 1 || hash != -1)
        {
            return false;
        }

        ((byte*)o.Pointer + AsciiHead)[index] = character;
        return true;
    }

    /// <summary>Whether a str of 3.10 or 3.11 has just this text, and has it where such a str has ASCII text.</summary>
    internal static bool IsAsciiText(BorrowedReference o, ReadOnlySpan<byte> text) =>
        // SAFETY: as above; it is as long as the text, which was made of.
        text.SequenceEqual(new ReadOnlySpan<byte>((byte*)o.Pointer + AsciiHead, text.Length));

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_InternFromString(byte* utf8);

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_DecodeUTF16(byte* text, nint size, byte* errors, int* byteOrder);

    /// <summary>The object's own UTF-8 copy: it lives as long as the object. Null for lone surrogates.</summary>
    [LibraryImport(Library)]
    internal static partial byte* PyUnicode_AsUTF8AndSize(BorrowedReference o, nint* size);

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_AsEncodedString(BorrowedReference o, byte* encoding, byte* errors);
}
