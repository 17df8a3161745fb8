using System.Runtime.InteropServices;

namespace PyAsync.Api;

// longobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyLong_FromLongLong(long value);

    [LibraryImport(Library)]
    internal static partial long PyLong_AsLongLongAndOverflow(BorrowedReference o, int* overflow);

    [LibraryImport(Library)]
    internal static partial NewReference PyLong_FromUnsignedLongLong(ulong value);

    [LibraryImport(Library)]
    internal static partial ulong PyLong_AsUnsignedLongLong(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyLong_FromString(byte* text, byte** end, int numberBase);
}
