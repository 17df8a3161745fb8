using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>Handles the first step of an eager task that a signal handler has interrupted.</summary>
internal static class InterruptedStep
{
    /// <summary>
    /// Unwraps the current error, with which the constructor of an eager task has failed: if a handler interrupts the first step, CPython continues
    /// constructing the task, and then fails with a SystemError whose cause is the handler's exception. The awaiter gets that cause.
    /// </summary>
    public static void Unwrap()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (CPython.PyErr_GivenExceptionMatches(error.Borrow(), WellKnownObjects.Current.Exception("SystemError")) != 0)
        {
            using NewReference cause = error.Borrow().GetAttr(WellKnownNames.Current["__cause__"]).OrThrow();
            if (PostponedInterrupt.IsInterrupt(cause.Borrow()))
            {
                error.Dispose();
                error = NewReference.From(cause.Borrow());
            }
        }

        CPython.PyErr_SetRaisedException(error);
    }
}
