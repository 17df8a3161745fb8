using System.Runtime.InteropServices;

namespace PyAsync.Api;

// memoryobject.h
internal static unsafe partial class CPython
{
    internal const int PyBUF_WRITE = 0x200;

    /// <summary>Creates a memoryview, which holds the object's buffer until its deallocation or its <c>release()</c>.</summary>
    [LibraryImport(Library)]
    internal static partial NewReference PyMemoryView_FromObject(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyMemoryView_FromMemory(void* memory, nint size, int flags);
}
