using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// pystate.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial int PyGILState_Ensure();

    [LibraryImport(Library)]
    internal static partial void PyGILState_Release(int state);

    private static nint s_getThisThreadState;
    private static nint s_getUnchecked;

    /// <summary>The thread state that belongs to this thread, running or not; 0 if it has none.</summary>
    internal static nint PyGILState_GetThisThreadState() => Get(s_getThisThreadState);

    /// <summary>The thread state that runs now, or 0; unlike <c>PyThreadState_Get</c> it is no fatal error to have none.</summary>
    internal static nint PyThreadState_GetUnchecked() => Get(s_getUnchecked);

    /// <summary>
    /// Calls one of the two, which only read a variable. Not without a GC transition, even so: the compiler looks for a waiting collector after such
    /// a call, and in a method that C calls it may do so when the method has left .NET's side already, which ends the process.
    /// </summary>
    private static nint Get(nint function) =>
        // SAFETY: both are PyThreadState *(*)(void).
        ((delegate* unmanaged[Cdecl]<nint>)function)();

    /// <summary>They are found by hand, since one has had another name.</summary>
    private static void BindThreadStateGetters()
    {
        s_getThisThreadState = AddressOf(nameof(PyGILState_GetThisThreadState));

        // Private until 3.13, under another name.
        nint address = AddressOf(nameof(PyThreadState_GetUnchecked));
        s_getUnchecked = address != 0 ? address : AddressOf("_PyThreadState_UncheckedGet");
    }

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyThreadState_GetDict();

    // pythread.h
    [LibraryImport(Library)]
    internal static partial nuint PyThread_get_thread_ident();

    [LibraryImport(Library)]
    internal static partial nint PyInterpreterState_Get();

    [LibraryImport(Library)]
    internal static partial long PyInterpreterState_GetID(nint interpreter);
}
