using PyAsync.Interop;

namespace PyAsync;

/// <summary>Makes an asyncio Task of a coroutine: an ordinary one to everybody who looks.</summary>
internal static class TaskStarter
{
    /// <summary>Whether a task may be done when it has just been made.</summary>
    public static bool MayBeDone => AsyncioObjects.HasEagerStart;

    /// <summary>On the loop's thread, in one of its callbacks, in the context that the task is to copy.</summary>
    public static NewReference Start(PythonEventLoop loop, BorrowedReference coroutine)
    {
        PythonInterpreter interpreter = PythonInterpreter.Current;
        using NewReference factory = loop.Reference.CallMethod(interpreter.Names.GetTaskFactory);
        if (factory.IsNull)
        {
            PythonErrors.Forget(); // A loop that knows no such thing: it makes its tasks itself.
        }

        if (factory.IsNull || !factory.Borrow().IsNone)
        {
            // Somebody wants to make the tasks himself.
            return OrClose(loop.Reference.CallMethod(interpreter.Names["create_task"], coroutine), coroutine);
        }

        AsyncioObjects asyncio = AsyncioObjects.Current;
        return AsyncioObjects.HasEagerStart
            ? StartEagerly(loop, coroutine, asyncio)
            : OrClose(PythonInterpreter.Current.Objects.TaskType.CallWithKeywords(coroutine, asyncio.LoopKeyword, loop.Reference), coroutine);
    }

    /// <summary>A coroutine for which no task could be made is closed: nobody else will run it, and Python would warn of it.</summary>
    private static NewReference OrClose(NewReference task, BorrowedReference coroutine)
    {
        if (!task.IsNull)
        {
            return task;
        }

        Exception failure = PythonErrors.TakeForAwaiter(CancellationToken.None);
        Close(coroutine);
        throw failure;
    }

    private static void Close(BorrowedReference coroutine)
    {
        using NewReference closed = coroutine.CallMethod(PythonInterpreter.Current.Names.Close);
        if (closed.IsNull)
        {
            PythonErrors.Forget();
        }
    }

    /// <summary><c>Task(coroutine, loop=loop, eager_start=True)</c>: runs the coroutine up to its first suspension, here and now.</summary>
    private static NewReference StartEagerly(PythonEventLoop loop, BorrowedReference coroutine, AsyncioObjects asyncio)
    {
        PythonInterpreter interpreter = PythonInterpreter.Current;

        // A SystemExit is raised by the constructor, and leaves behind a task that has the exception too. Made in two steps, the
        // task is still in our hands then, and can be told that somebody has seen it.
        using NewReference task = CPython.PyType_GenericAlloc(PythonInterpreter.Current.Objects.TaskType, 0).OrThrow();
        using NewReference initialized = task.Borrow().CallMethodWithKeywords(
            interpreter.Names["__init__"], coroutine, asyncio.EagerKeywords, loop.Reference, interpreter.Objects.True);
        if (initialized.IsNull)
        {
            InterruptedStep.Unwrap();
            Exception failure = PythonErrors.TakeForAwaiter(CancellationToken.None);
            using NewReference seen = task.Borrow().CallMethod(interpreter.Names.Exception);
            if (seen.IsNull)
            {
                PythonErrors.Forget();
            }

            Close(coroutine);
            throw failure;
        }

        return NewReference.From(task.Borrow());
    }
}
