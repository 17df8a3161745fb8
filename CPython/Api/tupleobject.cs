using System.Runtime.InteropServices;

namespace PyAsync.Api;

// tupleobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyTuple_New(nint size);

    [LibraryImport(Library)]
    internal static partial nint PyTuple_Size(BorrowedReference tuple);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyTuple_GetItem(BorrowedReference tuple, nint index);

    [LibraryImport(Library)]
    internal static partial int PyTuple_SetItem(BorrowedReference tuple, nint index, StolenReference value);
}
