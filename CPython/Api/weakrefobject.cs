using System.Runtime.InteropServices;

namespace PyAsync.Api;

// weakrefobject.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyWeakref_NewRef(BorrowedReference o, BorrowedReference callback);
}
