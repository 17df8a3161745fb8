using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>Makes an asyncio Task of a coroutine. Other code sees an ordinary task.</summary>
internal static class TaskStarter
{
    /// <summary>True if a new task may be done already.</summary>
    public static bool MayBeDone => AsyncioObjects.HasEagerStart;

    /// <summary>Starts a coroutine. On the loop's thread, in one of its callbacks, in the context that the task copies.</summary>
    public static NewReference Start(PythonEventLoop loop, BorrowedReference coroutine)
    {
        using NewReference factory = loop.Reference.CallMethod(WellKnownNames.Current.GetTaskFactory);
        if (factory.IsNull)
        {
            PythonErrors.Forget(); // The loop has no get_task_factory: it makes its tasks itself.
        }

        if (factory.IsNull || !factory.Borrow().IsNone)
        {
            // A task factory is installed, or the loop makes its tasks itself.
            return OrClose(loop.Reference.CallMethod(WellKnownNames.Current["create_task"], coroutine), coroutine);
        }

        // In debug mode asyncio reports a task whose step is slow by the handle of that step: the first step needs a handle too.
        AsyncioObjects asyncio = AsyncioObjects.Current;
        return Make(coroutine, loop.Reference, AsyncioObjects.HasEagerStart && !loop.IsInDebugMode ? asyncio.EagerTaskKeywords : asyncio.TaskKeywords);
    }

    /// <summary>Closes a coroutine for which no task could be made: no other code will run it, and Python would warn of it.</summary>
    private static NewReference OrClose(NewReference task, BorrowedReference coroutine)
    {
        if (!task.IsNull)
        {
            return task;
        }

        Exception failure = ErrorTranslation.TakeForAwaiter(CancellationToken.None);
        Close(coroutine);
        throw failure;
    }

    private static void Close(BorrowedReference coroutine)
    {
        using NewReference closed = coroutine.CallMethod(WellKnownNames.Current.Close);
        if (closed.IsNull)
        {
            PythonErrors.Forget();
        }
    }

    /// <summary>Calls <c>Task(coroutine, loop=loop)</c>, or with <c>eager_start=True</c>, which runs the coroutine up to its first suspension in this call.</summary>
    private static NewReference Make(BorrowedReference coroutine, BorrowedReference loop, TaskKeywords keywords)
    {
        // If a first step or a signal handler raises an exception, the constructor raises it, and leaves a task that asyncio would report when it is
        // freed. Allocating and initialising the task in two steps keeps the task available, so that its exception can be marked as retrieved.
        AsyncioTask tasks = AsyncioObjects.Current.Task;
        using NewReference task = tasks.Allocate();
        if (tasks.TryInitialize(task.Borrow(), coroutine, loop, keywords))
        {
            return NewReference.From(task.Borrow());
        }

        InterruptedStep.Unwrap();
        Exception failure = ErrorTranslation.TakeForAwaiter(CancellationToken.None);
        MarkAsKnown(task.Borrow());
        Close(coroutine);
        throw failure;
    }

    /// <summary>Marks the exception of a failed task as retrieved, or a task that has not begun as not awaited, so that asyncio reports neither.</summary>
    private static void MarkAsKnown(BorrowedReference task)
    {
        using NewReference seen = task.CallMethod(WellKnownNames.Current.Exception);
        if (seen.IsNull)
        {
            PythonErrors.Forget();
        }

        if (CPython.PyObject_SetAttr(task, WellKnownNames.Current["_log_destroy_pending"].Reference, InterpreterState.Current.False) < 0)
        {
            PythonErrors.Forget();
        }
    }
}
