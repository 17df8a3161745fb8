using PyAsync.Interop;

namespace PyAsync;

/// <summary>What a Python event loop, which may be anybody's, does as asyncio's own do. On its thread, with the GIL held.</summary>
internal static class LoopFeatures
{
    /// <summary>Whether its tasks are asyncio's own: it has no task factory, and is not in debug mode.</summary>
    public static bool MakesTasksAsUsual(BorrowedReference loopObject)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference debug = loopObject.CallMethod(names.GetDebug);
        using NewReference factory = debug.IsNull ? default : loopObject.CallMethod(names.GetTaskFactory);
        if (factory.IsNull)
        {
            PythonErrors.Forget(); // A loop that knows no such thing: it does what it does.
            return false;
        }

        return debug.Borrow() == PythonInterpreter.Current.Objects.False && factory.Borrow().IsNone;
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
