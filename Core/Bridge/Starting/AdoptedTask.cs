using PyAsync.Interop;

namespace PyAsync;

/// <summary>A task that was a <see cref="ShellTask"/>'s, and has gone on with the coroutine that suspended in it.</summary>
internal static class AdoptedTask
{
    /// <summary>Whether a task will end as cancelled although its coroutine returns.</summary>
    public static bool MustCancel(BorrowedReference task)
    {
        NewReference value = task.GetAttr(PythonInterpreter.Current.Names.MustCancel).OrThrow();
        bool isFalse = value.Borrow() == PythonInterpreter.Current.Objects.False;
        value.Dispose();
        return !isFalse;
    }

    /// <summary>Whether it is one.</summary>
    public static bool IsOneOfOurs(BorrowedReference future)
    {
        if (CPython.Py_TYPE(future) != PythonInterpreter.Current.Objects.TaskType)
        {
            return false;
        }

        using NewReference coroutine = future.CallMethod(PythonInterpreter.Current.Names["get_coro"]).OrThrow();
        return CPython.Py_TYPE(coroutine.Borrow()) == PythonInterpreter.Current.Types.Coroutine;
    }
}
