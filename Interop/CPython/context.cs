using System.Runtime.InteropServices;

namespace PyAsync.Interop;

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

    /// <summary>
    /// The immutable map of variables that a context holds: the same address as long as nothing has been set in it, and the same in a
    /// copy. Only an identity to compare: never touched, never kept beyond the context.
    /// </summary>
    /// <remarks>A private field of 3.10 and 3.11, which change no layouts any more; whoever uses it tests first that it is what it is taken for.</remarks>
    internal static nint PyContext_Variables(BorrowedReference context) =>
        // SAFETY: PyContext is a head, the context entered before, the map; the caller holds the GIL and a reference.
        ((nint*)((PyObjectHead*)context.Pointer + 1))[1];

    [LibraryImport(Library)]
    internal static partial NewReference PyContextVar_New(byte* name, BorrowedReference defaultValue);

    [LibraryImport(Library)]
    internal static partial int PyContextVar_Get(BorrowedReference variable, BorrowedReference defaultValue, nint* value);

    [LibraryImport(Library)]
    internal static partial NewReference PyContextVar_Set(BorrowedReference variable, BorrowedReference value);
}
