using System.Runtime.InteropServices;

namespace PyAsync.Api;

// methodobject.h
internal static unsafe partial class CPython
{
    internal const int METH_VARARGS = 0x0001;
    internal const int METH_KEYWORDS = 0x0002;
    internal const int METH_NOARGS = 0x0004;
    internal const int METH_O = 0x0008;
    internal const int METH_CLASS = 0x0010;
    internal const int METH_COEXIST = 0x0040;
    internal const int METH_FASTCALL = 0x0080;

    /// <summary>Returns a borrowed reference; NULL for a function that is not bound.</summary>
    [LibraryImport(Library)]
    internal static partial BorrowedReference PyCFunction_GetSelf(BorrowedReference function);

    /// <summary>Gets the address of the C function that a built-in function calls.</summary>
    [LibraryImport(Library)]
    internal static partial nint PyCFunction_GetFunction(BorrowedReference function);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyMethodDef
    {
        internal byte* ml_name;
        internal void* ml_meth;
        internal int ml_flags;
        internal byte* ml_doc;
    }
}
