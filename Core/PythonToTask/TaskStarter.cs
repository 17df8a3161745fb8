using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>Makes an asyncio Task of a coroutine. Other code sees an ordinary task.</summary>
internal static class TaskStarter
{
    /// <summary>True if a new task may be done already.</summary>
    public static bool MayBeDone => AsyncioObjects.HasEagerStart;

    /// <summary>Starts a coroutine. On the loop's thread, in one of its callbacks, in the context that the task copies.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="coroutine">The coroutine; the task takes the reference.</param>
    public static NewReference Start(PythonEventLoop loop, NewReference coroutine)
    {
        if (!loop.TaskFactory.IsNone())
        {
            return ByLoop(loop, coroutine);
        }

        // In debug mode asyncio reports a task whose step is slow by the handle of that step: the first step needs a handle too.
        AsyncioObjects asyncio = loop.Asyncio;
        TaskKeywords keywords = AsyncioObjects.HasEagerStart && !loop.IsInDebugMode ? asyncio.EagerTaskKeywords : asyncio.TaskKeywords;

        // If a first step or a signal handler raises an exception, the constructor raises it, and leaves a task that asyncio would report when it is
        // freed. Allocating and initialising the task in two steps keeps the task available, so that its exception can be marked as retrieved.
        AsyncioTask tasks = asyncio.Task;
        NewReference arguments = tasks.Arguments.With(coroutine);
        if (arguments.IsNull)
        {
            throw FailureOf(coroutine);
        }

        NewReference task = tasks.Allocate();

        // The keywords after the tuple and the task: making one may run the garbage collector (on 3.11), and other threads, which make tasks for their loops with the same
        // keywords.
        BorrowedReference named = task.IsNull ? default : keywords.For(loop.Reference);
        if (!named.IsNull && tasks.TryInitialize(task.Borrow(), arguments.Borrow(), named))
        {
            tasks.Arguments.Return(arguments);
            return task;
        }

        throw FailureOf(task, arguments);
    }

    /// <summary>Calls <c>loop.create_task(coroutine)</c>: a task factory is installed, or the loop makes its tasks itself.</summary>
    private static NewReference ByLoop(PythonEventLoop loop, NewReference coroutine)
    {
        NewReference task;
        try
        {
            task = loop.Reference.CallMethod(WellKnownNames.Current["create_task"], coroutine.Borrow());
        }
        catch
        {
            coroutine.Dispose();
            throw;
        }

        if (task.IsNull)
        {
            throw FailureOf(coroutine);
        }

        coroutine.Dispose();
        return task;
    }

    /// <summary>Takes the exception that has kept a coroutine from getting a task. The coroutine is closed: no other code will run it, and Python would warn of it.</summary>
    /// <param name="coroutine">The coroutine. Released.</param>
    private static Exception FailureOf(NewReference coroutine)
    {
        try
        {
            Exception failure = ErrorTranslation.TakeForAwaiter(CancellationToken.None);
            Close(coroutine.Borrow());
            return failure;
        }
        finally
        {
            coroutine.Dispose();
        }
    }

    /// <summary>Takes the exception of a task that could not be made. The coroutine is closed: no other code will run it, and Python would warn of it.</summary>
    /// <param name="task">The task; NULL if there was no memory for it. Released.</param>
    /// <param name="arguments">The arguments. Released.</param>
    private static Exception FailureOf(NewReference task, NewReference arguments)
    {
        try
        {
            InterruptedStep.Unwrap();
            Exception failure = ErrorTranslation.TakeForAwaiter(CancellationToken.None);
            if (!task.IsNull)
            {
                MarkAsKnown(task.Borrow());
            }

            Close(CPython.PyTuple_GetItem(arguments.Borrow(), 0));
            return failure;
        }
        finally
        {
            task.Dispose();
            arguments.Dispose();
        }
    }

    private static void Close(BorrowedReference coroutine)
    {
        using NewReference closed = coroutine.CallMethod(WellKnownNames.Current.Close);
        if (closed.IsNull)
        {
            PythonErrors.Forget();
        }
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
