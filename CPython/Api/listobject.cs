using System.Runtime.InteropServices;

namespace PyAsync.Api;

// listobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyList_New(nint size);

    [LibraryImport(Library)]
    internal static partial nint PyList_Size(BorrowedReference list);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyList_GetItem(BorrowedReference list, nint index);

    [LibraryImport(Library)]
    internal static partial int PyList_SetItem(BorrowedReference list, nint index, StolenReference value);

    [LibraryImport(Library)]
    internal static partial int PyList_Append(BorrowedReference list, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial int PyList_SetSlice(BorrowedReference list, nint low, nint high, BorrowedReference values);
}
