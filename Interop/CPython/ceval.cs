using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// ceval.h
internal static unsafe partial class CPython
{
    /// <summary>Has the main thread call a function of <c>int f(void *)</c> soon; from any thread. -1 if too many wait already.</summary>
    [LibraryImport(Library)]
    internal static partial int Py_AddPendingCall(delegate* unmanaged[Cdecl]<nint, int> function, nint argument);

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
