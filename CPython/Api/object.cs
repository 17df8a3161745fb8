using System.Runtime.InteropServices;

namespace PyAsync.Api;

// object.h
internal static unsafe partial class CPython
{
    internal const int Py_LT = 0;
    internal const int Py_LE = 1;
    internal const int Py_EQ = 2;
    internal const int Py_NE = 3;
    internal const int Py_GT = 4;
    internal const int Py_GE = 5;

    internal const uint Py_TPFLAGS_DISALLOW_INSTANTIATION = 1u << 7;
    internal const uint Py_TPFLAGS_IMMUTABLETYPE = 1u << 8;
    internal const uint Py_TPFLAGS_HEAPTYPE = 1u << 9;
    internal const uint Py_TPFLAGS_BASETYPE = 1u << 10;
    internal const uint Py_TPFLAGS_HAVE_VECTORCALL = 1u << 11;
    internal const uint Py_TPFLAGS_HAVE_GC = 1u << 14;
    internal const uint Py_TPFLAGS_METHOD_DESCRIPTOR = 1u << 17;
    internal const uint Py_TPFLAGS_DEFAULT = 1u << 18;
    internal const uint Py_TPFLAGS_LONG_SUBCLASS = 1u << 24;
    internal const uint Py_TPFLAGS_LIST_SUBCLASS = 1u << 25;
    internal const uint Py_TPFLAGS_TUPLE_SUBCLASS = 1u << 26;
    internal const uint Py_TPFLAGS_BYTES_SUBCLASS = 1u << 27;
    internal const uint Py_TPFLAGS_UNICODE_SUBCLASS = 1u << 28;
    internal const uint Py_TPFLAGS_DICT_SUBCLASS = 1u << 29;
    internal const uint Py_TPFLAGS_TYPE_SUBCLASS = 1u << 31;

    /// <summary>The head of every object on builds with a GIL; free-threaded builds are refused at start.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PyObjectHead
    {
        internal nint ob_refcnt;
        internal nint ob_type;
    }

    internal static BorrowedReference Py_TYPE(BorrowedReference o) =>
        // SAFETY: a live object's head is a PyObjectHead; the caller holds the GIL and a reference.
        new(((PyObjectHead*)o.Pointer)->ob_type);

    internal static nint Py_REFCNT(BorrowedReference o) =>
        // SAFETY: as above.
        ((PyObjectHead*)o.Pointer)->ob_refcnt;

    internal static bool PyType_HasFeature(BorrowedReference type, uint feature) =>
        (PyType_GetFlags(type) & feature) != 0;

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GetAttr(BorrowedReference o, BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GenericGetAttr(BorrowedReference o, BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial int PyObject_GenericSetAttr(BorrowedReference o, BorrowedReference name, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial NewReference PyType_GetName(BorrowedReference type);

    [LibraryImport(Library)]
    internal static partial int PyObject_SetAttr(BorrowedReference o, BorrowedReference name, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_Str(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_Repr(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_Dir(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial nint PyObject_Hash(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial int PyObject_IsTrue(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial int PyObject_RichCompareBool(BorrowedReference left, BorrowedReference right, int operation);

    [LibraryImport(Library)]
    internal static partial int PyCallable_Check(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial void PyObject_ClearWeakRefs(nint o);

    [LibraryImport(Library)]
    internal static partial uint PyType_GetFlags(BorrowedReference type);

    [LibraryImport(Library)]
    internal static partial int PyType_IsSubtype(BorrowedReference type, BorrowedReference baseType);

    [LibraryImport(Library)]
    internal static partial NewReference PyType_GenericAlloc(BorrowedReference type, nint itemCount);

    [LibraryImport(Library)]
    internal static partial void* PyType_GetSlot(BorrowedReference type, int slot);

    [LibraryImport(Library)]
    internal static partial NewReference PyType_FromSpecWithBases(PyType_Spec* spec, BorrowedReference bases);
}
