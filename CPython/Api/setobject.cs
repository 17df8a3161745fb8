using System.Runtime.InteropServices;

namespace PyAsync.Api;

// setobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PySet_New(BorrowedReference iterable);

    [LibraryImport(Library)]
    internal static partial NewReference PyFrozenSet_New(BorrowedReference iterable);

    [LibraryImport(Library)]
    internal static partial int PySet_Add(BorrowedReference set, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial nint PySet_Size(BorrowedReference set);
}
