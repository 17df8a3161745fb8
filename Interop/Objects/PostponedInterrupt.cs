using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Objects;

/// <summary>
/// Raises an exception of a signal handler again in the program's code. The handler has raised it in Python code that C# ran only to read something,
/// and whose failure is not reported.
/// </summary>
/// <remarks>Source: <c>Py_AddPendingCall</c>, https://docs.python.org/3/c-api/init.html#asynchronous-notifications.</remarks>
internal static unsafe class PostponedInterrupt
{
    // The number of exceptions that the main thread still has to raise. The GIL guards it.
    private static int s_waiting;

    /// <summary>True if this is Python's main thread, the only one on which signal handlers run. Needs the GIL.</summary>
    public static bool IsOnMainThread => InterpreterState.Current.MainThread == CPython.PyThread_get_thread_ident();

    /// <summary>Schedules an exception to be raised at the main thread's next bytecode. Needs the GIL; takes the exception.</summary>
    /// <returns>False if this is not the main thread: the exception belongs to the failed call.</returns>
    public static bool TryPostpone(NewReference exception)
    {
        nint pointer = exception.Take();
        if (IsOnMainThread && CPython.Py_AddPendingCall(&Raise, pointer) == 0)
        {
            s_waiting++;
            return true;
        }

        new NewReference(pointer).Dispose();
        return false;
    }

    /// <summary>
    /// Checks for a signal that arrived while .NET started a thread. A thread that starts another one blocks signals meanwhile, so the kernel delivers
    /// the signal to any other thread. CPython's handler records it there but, before 3.13, sets no flag that the main thread checks before it waits.
    /// Needs the GIL.
    /// </summary>
    /// <remarks>An exception of the signal handler is raised at the next bytecode: the caller continues.</remarks>
    public static void LookForSignals()
    {
        if (CPython.PyErr_CheckSignals() < 0)
        {
            TryPostpone(CPython.PyErr_GetRaisedException());
        }
    }

    /// <summary>Does the same for a callback that the loop may run without a bytecode after it, as uvloop does: a postponed exception is raised here.</summary>
    /// <returns>False if it is now the current error.</returns>
    public static bool RaiseIfSignalled() => (s_waiting > 0 ? CPython.Py_MakePendingCalls() : CPython.PyErr_CheckSignals()) >= 0;

    /// <summary>True if an exception is one that signal handlers raise.</summary>
    public static bool IsInterrupt(BorrowedReference exception)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        return CPython.PyErr_GivenExceptionMatches(exception, objects.Exception("KeyboardInterrupt")) != 0
            || CPython.PyErr_GivenExceptionMatches(exception, objects.Exception("SystemExit")) != 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Raise(nint exception)
    {
        s_waiting--;
        CPython.PyErr_SetRaisedException(new NewReference(exception));
        return -1;
    }
}
