using System.Runtime.InteropServices;

namespace PyAsync.Api;

// bytesobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyBytes_FromStringAndSize(byte* bytes, nint size);

    [LibraryImport(Library)]
    internal static partial NewReference PyBytes_FromObject(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial int PyBytes_AsStringAndSize(BorrowedReference o, byte** bytes, nint* size);
}
