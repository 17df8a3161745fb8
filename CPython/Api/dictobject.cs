using System.Runtime.InteropServices;

namespace PyAsync.Api;

// dictobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyDict_New();

    [LibraryImport(Library)]
    internal static partial NewReference PyDict_Copy(BorrowedReference dict);

    [LibraryImport(Library)]
    internal static partial nint PyDict_Size(BorrowedReference dict);

    [LibraryImport(Library)]
    internal static partial int PyDict_SetItem(BorrowedReference dict, BorrowedReference key, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyDict_GetItemWithError(BorrowedReference dict, BorrowedReference key);
}
