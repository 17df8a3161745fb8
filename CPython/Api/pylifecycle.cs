using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pylifecycle.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial int Py_IsInitialized();

    [LibraryImport(Library)]
    internal static partial int Py_FinalizeEx();

    [LibraryImport(Library)]
    internal static partial byte* Py_GetVersion();
}
