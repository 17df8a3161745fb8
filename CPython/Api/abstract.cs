using System.Runtime.InteropServices;

namespace PyAsync.Api;

// abstract.h, call.h
internal static unsafe partial class CPython
{
    /// <summary>Set in a vectorcall's count: the callee may use the slot before the first argument.</summary>
    internal static nuint PY_VECTORCALL_ARGUMENTS_OFFSET => nuint.MaxValue ^ (nuint)nint.MaxValue;

    /// <summary>Gets the number of positional arguments from a count that has the flag above.</summary>
    internal static nint PyVectorcall_NARGS(nuint n) => (nint)n & nint.MaxValue;

    /// <summary>The result of <c>PyIter_Send</c>, and of a type's <c>am_send</c> slot.</summary>
    internal enum PySendResult
    {
        PYGEN_ERROR = -1,
        PYGEN_RETURN = 0,
        PYGEN_NEXT = 1,
    }

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_CallNoArgs(BorrowedReference callable);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_Call(
        BorrowedReference callable, BorrowedReference args, BorrowedReference kwargs);

    /// <summary>Calls with arguments in an array; <paramref name="kwnames"/> is a tuple of the last arguments' names.</summary>
    [LibraryImport(Library)]
    internal static partial NewReference PyObject_Vectorcall(
        BorrowedReference callable, nint* args, nuint nargsf, BorrowedReference kwnames);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_VectorcallMethod(
        BorrowedReference name, nint* args, nuint nargsf, BorrowedReference kwnames);

    [LibraryImport(Library)]
    internal static partial nint PyObject_Size(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GetItem(BorrowedReference o, BorrowedReference key);

    [LibraryImport(Library)]
    internal static partial int PyObject_SetItem(BorrowedReference o, BorrowedReference key, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial int PyObject_DelItem(BorrowedReference o, BorrowedReference key);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_GetIter(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyIter_Next(BorrowedReference iterator);

    [LibraryImport(Library)]
    internal static partial NewReference PyNumber_Index(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyNumber_ToBase(BorrowedReference o, int numberBase);

    [LibraryImport(Library)]
    internal static partial int PySequence_Contains(BorrowedReference o, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial int PySequence_Check(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PySequence_GetItem(BorrowedReference o, nint index);

    [LibraryImport(Library)]
    internal static partial NewReference PySequence_Tuple(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyMapping_Items(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial int PyObject_IsInstance(BorrowedReference o, BorrowedReference type);
}
