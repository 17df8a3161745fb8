namespace PyAsync.Exceptions;

/// <summary>The note with .NET's stack trace, which Python prints with an exception (PEP 678). Needs the GIL.</summary>
/// <remarks>An exception gets one such note, at its first crossing: further notes would accumulate on an object that is raised repeatedly.</remarks>
internal static class DotNetStackNote
{
    /// <summary>Adds the note to an exception that has none yet.</summary>
    public static void Add(BorrowedReference error, Exception exception)
    {
        if (!IsNoted(error))
        {
            Add(error, exception, ExceptionTexts.StackTrace(exception));
        }
    }

    /// <summary>Adds the note to a new exception.</summary>
    public static void Add(BorrowedReference error, Exception exception, string stackTrace)
    {
        if (stackTrace.Length == 0)
        {
            return;
        }

        WellKnownNames names = WellKnownNames.Current;

        // Not SetAttr, which a class may refuse; without the mark there is no note.
        if (CPython.PyObject_GenericSetAttr(error, names.HasDotNetNote.Reference, InterpreterState.Current.True) < 0)
        {
            PythonErrors.Forget();
            return;
        }

        using NewReference note = PyText.FromString($"{exception.GetType().FullName}\n{stackTrace}");
        using NewReference result = error.CallMethod(names.AddNote, note.Borrow());
        if (result.IsNull)
        {
            PythonErrors.Forget();
        }
    }

    private static bool IsNoted(BorrowedReference error)
    {
        using NewReference mark = CPython.PyObject_GenericGetAttr(error, WellKnownNames.Current.HasDotNetNote.Reference);
        if (mark.IsNull)
        {
            PythonErrors.Forget();
        }

        return !mark.IsNull;
    }
}
