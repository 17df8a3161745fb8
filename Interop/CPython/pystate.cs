using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// pystate.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial int PyGILState_Ensure();

    [LibraryImport(Library)]
    internal static partial void PyGILState_Release(int state);

    private static delegate* unmanaged[Cdecl, SuppressGCTransition]<nint> s_getThisThreadState;
    private static delegate* unmanaged[Cdecl, SuppressGCTransition]<nint> s_getUnchecked;

    // Both in methods of their own: the look for a waiting collector, which comes after a call without a transition, has no place in a method
    // that C calls.

    /// <summary>The thread state that belongs to this thread, running or not; 0 if it has none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static nint PyGILState_GetThisThreadState() => s_getThisThreadState();

    /// <summary>The thread state that runs now, or 0; unlike <c>PyThreadState_Get</c> it is no fatal error to have none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static nint PyThreadState_GetUnchecked() => s_getUnchecked();

    /// <summary>
    /// The functions that are called without a GC transition: both only read a variable. An import of that kind is bound when its
    /// caller is compiled, which may be before there is a library, or against a version without it: hence pointers.
    /// </summary>
    private static void BindThreadStateGetters()
    {
        // SAFETY: all are PyThreadState *(*)(void).
        s_getThisThreadState = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint>)AddressOf(nameof(PyGILState_GetThisThreadState));

        // Private until 3.13, under another name.
        nint address = AddressOf(nameof(PyThreadState_GetUnchecked));
        address = address != 0 ? address : AddressOf("_PyThreadState_UncheckedGet");
        s_getUnchecked = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint>)address;
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
