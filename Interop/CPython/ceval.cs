using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// ceval.h
internal static unsafe partial class CPython
{
    /// <summary>Handles signals and does what waits to be called, on the main thread. -1 with the error set if one fails.</summary>
    [LibraryImport(Library)]
    internal static partial int Py_MakePendingCalls();

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
