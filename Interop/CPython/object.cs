using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

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

    /// <summary>
    /// Counts up to this are plain counts. An immortal object (3.12 and newer) has a larger one, whatever its layout, and so has an object
    /// whose count shares its word with something else (3.14): those are left to CPython's own functions.
    /// </summary>
    private const nint MaxPlainCount = 0x3FFF_FFFF;

    /// <summary>What C's macro of that name does: it adds one, without a call.</summary>
    internal static void Py_INCREF(BorrowedReference o)
    {
        // SAFETY: a live object's head, see Py_TYPE. The stable ABI has extension modules count in the same place.
        ref nint count = ref ((PyObjectHead*)o.Pointer)->ob_refcnt;
        if (count is > 0 and < MaxPlainCount)
        {
            count++;
        }
        else
        {
            IncrementByCall(o);
        }
    }

    // Not inlined, since a method that calls C makes a frame for .NET's collector at its start: one that merely counts is to have none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void IncrementByCall(BorrowedReference o) => Py_IncRef(o);

    /// <summary>What C's macro of that name does: only the last reference costs a call, which frees the object.</summary>
    internal static void Py_DECREF(nint o)
    {
        // SAFETY: as above.
        ref nint count = ref ((PyObjectHead*)o)->ob_refcnt;
        if (count is > 1 and <= MaxPlainCount)
        {
            count--;
        }
        else
        {
            Py_DecRef(o);
        }
    }

    [LibraryImport(Library)]
    private static partial void Py_IncRef(BorrowedReference o);

    // May run a finaliser, and so managed code: never without a GC transition.
    [LibraryImport(Library)]
    private static partial void Py_DecRef(nint o);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GetAttr(BorrowedReference o, BorrowedReference name);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GenericGetAttr(BorrowedReference o, BorrowedReference name);

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

    /// <summary>Works for static types too since 3.10.</summary>
    [LibraryImport(Library)]
    internal static partial void* PyType_GetSlot(BorrowedReference type, int slot);

    [LibraryImport(Library)]
    internal static partial NewReference PyType_FromSpecWithBases(PyType_Spec* spec, BorrowedReference bases);
}
