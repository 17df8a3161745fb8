using System.Runtime.InteropServices;

namespace PyAsync.Api;

// memoryobject.h
internal static unsafe partial class CPython
{
    internal const int PyBUF_WRITE = 0x200;

    [LibraryImport(Library)]
    internal static partial NewReference PyMemoryView_FromMemory(void* memory, nint size, int flags);
}
