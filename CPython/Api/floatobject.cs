using System.Runtime.InteropServices;

namespace PyAsync.Api;

// floatobject.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyFloat_FromDouble(double value);

    [LibraryImport(Library)]
    internal static partial double PyFloat_AsDouble(BorrowedReference o);
}
