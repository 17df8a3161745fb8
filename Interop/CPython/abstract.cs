using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// abstract.h, call.h
internal static unsafe partial class CPython
{
    /// <summary>Set in a vectorcall's count: the slot before the first argument is the callee's to use.</summary>
    internal static nuint PY_VECTORCALL_ARGUMENTS_OFFSET => nuint.MaxValue ^ (nuint)nint.MaxValue;

    /// <summary>How many positional arguments a count says that has the flag above.</summary>
    internal static nint PyVectorcall_NARGS(nuint n) => (nint)n & nint.MaxValue;

    /// <summary>What <see cref="PyIter_Send"/> answers.</summary>
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

    /// <summary>
    /// Calls with arguments in an array; <paramref name="kwnames"/> is a tuple of the last arguments' names.
    /// 3.10 exports no <c>PyObject_Vectorcall</c>: there the names become a dictionary.
    /// </summary>
    internal static NewReference PyObject_Vectorcall(
        BorrowedReference callable, nint* args, nuint nargsf, BorrowedReference kwnames)
    {
        if (Minor >= 11)
        {
            return PyObject_Vectorcall311(callable, args, nargsf, kwnames);
        }

        if (kwnames.IsNull)
        {
            return PyObject_VectorcallDict(callable, args, nargsf, default);
        }

        nint positional = PyVectorcall_NARGS(nargsf);
        NewReference keywords = PyDict_New();
        if (keywords.IsNull)
        {
            return default;
        }

        nint count = PyTuple_Size(kwnames);
        for (nint i = 0; i < count; i++)
        {
            if (PyDict_SetItem(keywords.Borrow(), PyTuple_GetItem(kwnames, i), new BorrowedReference(args[positional + i])) < 0)
            {
                keywords.Dispose();
                return default;
            }
        }

        NewReference result = PyObject_VectorcallDict(callable, args, nargsf, keywords.Borrow());
        keywords.Dispose();
        return result;
    }

    [LibraryImport(Library, EntryPoint = "PyObject_Vectorcall")]
    private static partial NewReference PyObject_Vectorcall311(
        BorrowedReference callable, nint* args, nuint nargsf, BorrowedReference kwnames);

    [LibraryImport(Library)]
    internal static partial NewReference PyObject_VectorcallDict(
        BorrowedReference callable, nint* args, nuint nargsf, BorrowedReference kwargs);

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
    internal static partial PySendResult PyIter_Send(BorrowedReference iterator, BorrowedReference value, nint* result);

    [LibraryImport(Library)]
    internal static partial NewReference PyNumber_Index(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyNumber_ToBase(BorrowedReference o, int numberBase);

    [LibraryImport(Library)]
    internal static partial int PySequence_Contains(BorrowedReference o, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial NewReference PySequence_Tuple(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial NewReference PyMapping_Items(BorrowedReference o);

    [LibraryImport(Library)]
    internal static partial int PyObject_IsInstance(BorrowedReference o, BorrowedReference type);
}
