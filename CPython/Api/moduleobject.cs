using System.Runtime.InteropServices;

namespace PyAsync.Api;

// moduleobject.h
internal static unsafe partial class CPython
{
    internal const int Py_mod_exec = 2;

    /// <summary>3.12 and newer. Its value 0 means that the module supports the main interpreter only.</summary>
    internal const int Py_mod_multiple_interpreters = 3;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyModuleDef
    {
        internal PyObjectHead ob_base;
        internal void* m_init;
        internal nint m_index;
        internal nint m_copy;
        internal byte* m_name;
        internal byte* m_doc;
        internal nint m_size;
        internal PyMethodDef* m_methods;
        internal PyModuleDef_Slot* m_slots;
        internal void* m_traverse;
        internal void* m_clear;
        internal void* m_free;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyModuleDef_Slot
    {
        internal int slot;
        internal void* value;
    }

    [LibraryImport(Library)]
    internal static partial NewReference PyModule_NewObject(BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyModule_GetDict(BorrowedReference module);

    [LibraryImport(Library)]
    internal static partial PyModuleDef* PyModule_GetDef(BorrowedReference module);

    [LibraryImport(Library)]
    internal static partial BorrowedReference PyModuleDef_Init(PyModuleDef* definition);
}
