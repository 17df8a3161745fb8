using System.Runtime.InteropServices;

namespace PyAsync.Api;

// import.h
internal static partial class CPython
{
    [LibraryImport(Library)]
    internal static partial NewReference PyImport_Import(BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial NewReference PyImport_GetModule(BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyImport_GetModuleDict();
}
