using System.Runtime.InteropServices;

namespace PyAsync.Api;

// unicodeobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_FromStringAndSize(byte* utf8, nint size);

    [LibraryImport(Library)]
    internal static partial nint PyUnicode_GetLength(BorrowedReference text);

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_InternFromString(byte* utf8);

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_DecodeUTF16(byte* text, nint size, byte* errors, int* byteOrder);

    /// <summary>Gets the object's own UTF-8 copy, which lives as long as the object. Null for lone surrogates.</summary>
    [LibraryImport(Library)]
    internal static partial byte* PyUnicode_AsUTF8AndSize(BorrowedReference o, nint* size);

    [LibraryImport(Library)]
    internal static partial NewReference PyUnicode_AsEncodedString(BorrowedReference o, byte* encoding, byte* errors);
}
