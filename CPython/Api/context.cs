using System.Runtime.InteropServices;

namespace PyAsync.Api;

// context.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyContext_CopyCurrent();

    [LibraryImport(Library)]
    internal static partial NewReference PyContext_Copy(BorrowedReference context);

    [LibraryImport(Library)]
    internal static partial int PyContext_Enter(BorrowedReference context);

    [LibraryImport(Library)]
    internal static partial int PyContext_Exit(BorrowedReference context);

    [LibraryImport(Library)]
    internal static partial NewReference PyContextVar_New(byte* name, BorrowedReference defaultValue);

    [LibraryImport(Library)]
    internal static partial int PyContextVar_Get(BorrowedReference variable, BorrowedReference defaultValue, nint* value);

    [LibraryImport(Library)]
    internal static partial NewReference PyContextVar_Set(BorrowedReference variable, BorrowedReference value);
}
