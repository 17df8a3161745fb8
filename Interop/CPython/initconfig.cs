using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// initconfig.h: PEP 741, CPython 3.14 and newer
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial nint PyInitConfig_Create();

    [LibraryImport(Library)]
    internal static partial void PyInitConfig_Free(nint config);

    [LibraryImport(Library)]
    internal static partial int PyInitConfig_SetInt(nint config, byte* name, long value);

    [LibraryImport(Library)]
    internal static partial int PyInitConfig_SetStr(nint config, byte* name, byte* value);

    [LibraryImport(Library)]
    internal static partial int PyInitConfig_GetError(nint config, byte** message);

    [LibraryImport(Library)]
    internal static partial int Py_InitializeFromInitConfig(nint config);
}
