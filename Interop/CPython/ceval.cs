using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// ceval.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial nint PyEval_SaveThread();

    [LibraryImport(Library)]
    internal static partial void PyEval_RestoreThread(nint threadState);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyEval_GetBuiltins();

    [LibraryImport(Library)]
    internal static partial NewReference PyEval_EvalCode(
        BorrowedReference code, BorrowedReference globals, BorrowedReference locals);
}
