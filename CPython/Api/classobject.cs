using System.Runtime.InteropServices;

namespace PyAsync.Api;

// classobject.h
internal static unsafe partial class CPython
{
    /// <summary>Returns a borrowed reference.</summary>
    [LibraryImport(Library)]
    internal static partial BorrowedReference PyMethod_Function(BorrowedReference method);

    /// <summary>Returns a borrowed reference.</summary>
    [LibraryImport(Library)]
    internal static partial BorrowedReference PyMethod_Self(BorrowedReference method);
}
