using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// dictobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyDict_New();

    [LibraryImport(Library)]
    internal static partial nint PyDict_Size(BorrowedReference dict);

    [LibraryImport(Library)]
    internal static partial int PyDict_SetItem(BorrowedReference dict, BorrowedReference key, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial int PyDict_DelItem(BorrowedReference dict, BorrowedReference key);

    /// <summary>What the key has, or gets now; NULL with the error set if that fails.</summary>
    [LibraryImport(Library)]
    internal static partial BorrowedReference PyDict_SetDefault(BorrowedReference dict, BorrowedReference key, BorrowedReference defaultValue);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyDict_GetItemWithError(BorrowedReference dict, BorrowedReference key);
}
