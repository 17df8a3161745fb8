using System.Runtime.InteropServices;

namespace PyAsync.Api;

// sysmodule.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial BorrowedReference PySys_GetObject(byte* name);
}
