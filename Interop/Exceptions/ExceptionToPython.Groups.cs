namespace PyAsync.Exceptions;

// Converts AggregateExceptions to ExceptionGroups.
internal static partial class ExceptionToPython
{
    /// <summary>The maximum number of exceptions in all groups of one conversion that become Python exceptions.</summary>
    private const int MaxExceptions = 10_000;

    /// <summary>Creates an ExceptionGroup; NULL if that fails.</summary>
    private static NewReference Group(AggregateException several, int depth, Dictionary<Exception, PyObject>? known)
    {
        BorrowedReference type = WellKnownObjects.Current.Exception("BaseExceptionGroup");
        if (type.IsNull || depth == 0 || several.InnerExceptions.Count == 0 || known is { Count: >= MaxExceptions })
        {
            return default;
        }

        // One exception may be in many groups: without this the number of conversions would grow exponentially with the depth.
        bool isOutermost = known is null;
        known ??= new Dictionary<Exception, PyObject>(ReferenceEqualityComparer.Instance);
        try
        {
            using NewReference list = CPython.PyList_New(0).OrThrow();
            int count = 0;
            for (; count < Math.Min(several.InnerExceptions.Count, MaxExceptions) && known.Count < MaxExceptions; count++)
            {
                using NewReference member = Convert(several.InnerExceptions[count], depth - 1, known);
                PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), member.Borrow()));
            }

            // BaseExceptionGroup(...) returns an ExceptionGroup if every child is an Exception.
            using NewReference message = PyText.FromString(ExceptionTexts.Message(several));
            NewReference group = type.Call(message.Borrow(), list.Borrow());
            if (group.IsNull)
            {
                PythonErrors.Forget();
            }
            else if (count < several.InnerExceptions.Count)
            {
                NoteOmitted(group.Borrow(), several.InnerExceptions.Count - count);
            }

            return group;
        }
        finally
        {
            if (isOutermost)
            {
                foreach (PyObject held in known.Values)
                {
                    held.Dispose();
                }
            }
        }
    }

    private static void NoteOmitted(BorrowedReference group, int count)
    {
        using NewReference note = PyText.FromString($"{count} further exceptions are left out");
        using NewReference result = group.CallMethod(WellKnownNames.Current.AddNote, note.Borrow());
        if (result.IsNull)
        {
            PythonErrors.Forget();
        }
    }
}
