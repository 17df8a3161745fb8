using System.Runtime.InteropServices;

namespace PyAsync.Api;

// ceval.h
internal static unsafe partial class CPython
{
    /// <summary>Handles signals and runs pending calls, on the main thread. -1 with the error set if one fails.</summary>
    [LibraryImport(Library)]
    internal static partial int Py_MakePendingCalls();

    /// <summary>Schedules a function of the type <c>int f(void *)</c> on the main thread; from any thread. -1 if too many are pending.</summary>
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
