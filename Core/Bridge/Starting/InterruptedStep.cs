using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The step of a task that has raised. What a coroutine raises, its task keeps; only a SystemExit or KeyboardInterrupt comes out as well. It may
/// also be a signal's handler's, which ran in the loop's own <c>call_soon</c> while asyncio had the task's next step made: the task goes on then.
/// </summary>
/// <remarks>On the loop's thread, in a drain, with the GIL held.</remarks>
internal static class InterruptedStep
{
    /// <summary>Takes the current error.</summary>
    /// <param name="loop">The task's loop.</param>
    /// <param name="task">The task.</param>
    /// <param name="step">Makes a step of the task, as asyncio's own.</param>
    /// <param name="context">The context that the task runs in.</param>
    public static void GoOn(PythonEventLoop loop, BorrowedReference task, BorrowedReference step, BorrowedReference context)
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        bool isDone = PythonEventLoop.IsDone(task);
        if (isDone && IsOutcome(task, error.Borrow()))
        {
            error.Dispose(); // The task has it too: its awaiter gets it.
            return;
        }

        CPython.PyErr_SetRaisedException(error);
        for (int attempt = 0; loop.TryKeepInterrupt(); attempt++)
        {
            if (isDone || attempt == PythonEventLoop.MaxInterrupts)
            {
                return;
            }

            using NewReference result = CoreModules.Current.Interrupted("step_soon").Call(loop.Reference, step, context);
            if (!result.IsNull)
            {
                return;
            }
        }

        loop.ReportUnobserved("A step of a Python task could not be made.", PythonErrors.TakeForAwaiter(CancellationToken.None));
    }

    /// <summary>
    /// Unwraps the current error, with which the constructor of an eager task has failed: where a handler breaks off the first step, CPython goes on
    /// making the task, and then fails with a SystemError that the handler's exception has caused. The awaiter is to get that exception.
    /// </summary>
    public static void Unwrap()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (CPython.PyErr_GivenExceptionMatches(error.Borrow(), PythonInterpreter.Current.Objects.Exception("SystemError")) != 0)
        {
            using NewReference cause = error.Borrow().GetAttr(PythonInterpreter.Current.Names["__cause__"]).OrThrow();
            if (PostponedInterrupt.IsInterrupt(cause.Borrow()))
            {
                error.Dispose();
                error = NewReference.From(cause.Borrow());
            }
        }

        CPython.PyErr_SetRaisedException(error);
    }

    private static bool IsOutcome(BorrowedReference task, BorrowedReference error)
    {
        using NewReference outcome = task.CallMethod(PythonInterpreter.Current.Names.Exception);
        if (outcome.IsNull)
        {
            CPython.PyErr_Clear(); // It was cancelled.
        }

        return outcome.Borrow() == error;
    }
}
