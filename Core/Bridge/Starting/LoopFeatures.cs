using PyAsync.Interop;

namespace PyAsync;

/// <summary>What a Python event loop, which may be anybody's, does as asyncio's own do. On its thread, with the GIL held.</summary>
internal static class LoopFeatures
{
    /// <summary>Whether its tasks are asyncio's own: it has no task factory.</summary>
    public static bool MakesTasksAsUsual(BorrowedReference loopObject) =>
        Answers(loopObject, PythonInterpreter.Current.Names.GetTaskFactory, PythonInterpreter.Current.Objects.None);

    /// <summary>Whether a task that it makes remembers where it was made.</summary>
    public static bool IsInDebugMode(BorrowedReference loopObject) =>
        !Answers(loopObject, PythonInterpreter.Current.Names.GetDebug, PythonInterpreter.Current.Objects.False);

    private static bool Answers(BorrowedReference loopObject, PyName question, BorrowedReference expected)
    {
        NewReference answer = loopObject.CallMethod(question);
        if (answer.IsNull)
        {
            PythonErrors.Forget(); // A loop that knows no such thing: it does what it does.
            return false;
        }

        bool isExpected = answer.Borrow() == expected;
        answer.Dispose();
        return isExpected;
    }

    /// <summary>Whether the loop's <c>call_soon</c> can be stood in for: it takes attributes, and nobody else has done it.</summary>
    public static bool TakesCallSoon(BorrowedReference loopObject)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference attributes = loopObject.GetAttr(names["__dict__"]);
        if (attributes.IsNull)
        {
            PythonErrors.Forget();
            return false;
        }

        return CPython.PyDict_GetItemWithError(attributes.Borrow(), names.CallSoon.Reference).IsNull;
    }
}
