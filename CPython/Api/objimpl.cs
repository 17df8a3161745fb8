using System.Runtime.InteropServices;

namespace PyAsync.Api;

// objimpl.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial void PyObject_GC_Track(nint o);

    [LibraryImport(Library)]
    internal static partial void PyObject_GC_UnTrack(nint o);

    [LibraryImport(Library)]
    internal static partial int PyObject_GC_IsFinalized(nint o);

    [LibraryImport(Library)]
    internal static partial void PyObject_GC_Del(nint o);

    [LibraryImport(Library)]
    internal static partial int PyObject_CallFinalizerFromDealloc(nint o);

    [LibraryImport(Library)]
    internal static partial void PyObject_Free(nint o);
}
