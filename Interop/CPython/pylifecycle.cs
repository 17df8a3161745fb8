using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// pylifecycle.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial int Py_IsInitialized();

    [LibraryImport(Library)]
    internal static partial void Py_InitializeEx(int initsigs);

    [LibraryImport(Library)]
    internal static partial int Py_FinalizeEx();

    [LibraryImport(Library)]
    internal static partial byte* Py_GetVersion();

    /// <summary>Deprecated since 3.11 and gone one day; callers check <see cref="AddressOf"/> first.</summary>
    [LibraryImport(Library)]
    internal static partial void Py_SetProgramName(void* wideName);
}
