using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pyerrors.h
internal static unsafe partial class CPython
{
    [LibraryImport(Library)]
    internal static partial BorrowedReference PyErr_Occurred();

    [LibraryImport(Library)]
    internal static partial void PyErr_Clear();

    [LibraryImport(Library)]
    internal static partial void PyErr_SetObject(BorrowedReference type, BorrowedReference value);

    [LibraryImport(Library)]
    internal static partial void PyErr_SetString(BorrowedReference type, byte* message);

    [LibraryImport(Library)]
    internal static partial int PyErr_GivenExceptionMatches(BorrowedReference error, BorrowedReference type);

    [LibraryImport(Library)]
    internal static partial void PyErr_WriteUnraisable(BorrowedReference where);

    [LibraryImport(Library)]
    internal static partial int PyErr_CheckSignals();

    [LibraryImport(Library)]
    internal static partial NewReference PyErr_GetHandledException();

    [LibraryImport(Library)]
    internal static partial int PyException_SetTraceback(BorrowedReference error, BorrowedReference traceback);

    [LibraryImport(Library)]
    internal static partial NewReference PyException_GetCause(BorrowedReference error);

    [LibraryImport(Library)]
    internal static partial NewReference PyException_GetContext(BorrowedReference error);

    [LibraryImport(Library)]
    internal static partial void PyException_SetContext(BorrowedReference error, StolenReference context);

    [LibraryImport(Library)]
    internal static partial void PyErr_SetNone(BorrowedReference type);

    [LibraryImport(Library)]
    internal static partial void PyException_SetCause(BorrowedReference error, StolenReference cause);

    /// <summary>Takes the current error as one normalised object, with its traceback set; NULL if there is none.</summary>
    internal static NewReference PyErr_GetRaisedException()
    {
        if (Minor >= 12)
        {
            return PyErr_GetRaisedException312();
        }

        nint type, value, traceback;
        PyErr_Fetch(&type, &value, &traceback);
        if (type == 0)
        {
            return default;
        }

        PyErr_NormalizeException(&type, &value, &traceback);
        if (traceback != 0)
        {
            _ = PyException_SetTraceback(new BorrowedReference(value), new BorrowedReference(traceback));
            new NewReference(traceback).Dispose();
        }

        new NewReference(type).Dispose();
        return new NewReference(value);
    }

    /// <summary>Makes an exception object the current error, with its own traceback and context.</summary>
    internal static void PyErr_SetRaisedException(NewReference error)
    {
        if (Minor >= 12)
        {
            PyErr_SetRaisedException312(error.Steal());
            return;
        }

        NewReference type = NewReference.From(Py_TYPE(error.Borrow()));
        NewReference traceback = PyException_GetTraceback(error.Borrow());
        PyErr_Restore(type.Steal(), error.Steal(), traceback.Steal());
    }

    [LibraryImport(Library)]
    internal static partial NewReference PyException_GetTraceback(BorrowedReference error);

    [LibraryImport(Library, EntryPoint = "PyErr_GetRaisedException")]
    private static partial NewReference PyErr_GetRaisedException312();

    [LibraryImport(Library, EntryPoint = "PyErr_SetRaisedException")]
    private static partial void PyErr_SetRaisedException312(StolenReference error);

    [LibraryImport(Library)]
    private static partial void PyErr_Fetch(nint* type, nint* value, nint* traceback);

    [LibraryImport(Library)]
    private static partial void PyErr_NormalizeException(nint* type, nint* value, nint* traceback);

    [LibraryImport(Library)]
    private static partial void PyErr_Restore(StolenReference type, StolenReference value, StolenReference traceback);
}
