using System.Runtime.InteropServices;

namespace PyAsync.Api;

// boolobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyBool_FromLong(nint value);
}
