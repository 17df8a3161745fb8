using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// unicodeobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_FromStringAndSize(byte* utf8, nint size);

    /// <summary>Changes a string that nobody else has seen: CPython refuses if it is referred to twice, or has been hashed.</summary>
    [LibraryImport(Library)]
    internal static partial int PyUnicode_WriteChar(BorrowedReference o, nint index, uint character);

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
