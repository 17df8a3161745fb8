using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pystate.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial int PyGILState_Ensure();

    [LibraryImport(Library)]
    internal static partial void PyGILState_Release(int state);

    private static nint s_getThisThreadState;
    private static nint s_getUnchecked;

    /// <summary>Gets the thread state of this thread, running or not; 0 if it has none.</summary>
    internal static nint PyGILState_GetThisThreadState() => Get(s_getThisThreadState);

    /// <summary>Gets the running thread state, or 0; without one, <c>PyThreadState_Get</c> would be a fatal error.</summary>
    internal static nint PyThreadState_GetUnchecked() => Get(s_getUnchecked);

    /// <summary>
    /// Calls one of the two functions, which only read a variable. The call needs a GC transition nevertheless: without one, the JIT compiler polls for
    /// a pending collection after the call, and in a method that C calls the poll can run after the method has left cooperative mode, which ends the
    /// process.
    /// </summary>
    private static nint Get(nint function) =>
        // SAFETY: both are PyThreadState *(*)(void).
        ((delegate* unmanaged[Cdecl]<nint>)function)();

    /// <summary>Binds the two functions, one of which had another name before.</summary>
    private static void BindThreadStateGetters()
    {
        s_getThisThreadState = AddressOf(nameof(PyGILState_GetThisThreadState));

        // Private before 3.13, under another name.
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
