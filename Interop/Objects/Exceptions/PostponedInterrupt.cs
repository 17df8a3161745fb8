using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// What a signal's handler has raised in Python code that C# ran only to look at something, and whose failure nobody is told of. A moment later it
/// would have come up in the program's own code; so it does.
/// </summary>
/// <remarks>Source: <c>Py_AddPendingCall</c>, https://docs.python.org/3/c-api/init.html#asynchronous-notifications.</remarks>
internal static unsafe class PostponedInterrupt
{
    // How many the main thread has still to raise. The GIL guards it.
    private static int s_waiting;

    /// <summary>Whether this is Python's main thread, the only one on which signals' handlers run. Needs the GIL.</summary>
    public static bool IsOnMainThread => PythonInterpreter.Current.MainThread == CPython.PyThread_get_thread_ident();

    /// <summary>Has the main thread raise an exception at its next bytecode. Needs the GIL; takes the exception.</summary>
    /// <returns>False if this is not the main thread: the exception is somebody's own.</returns>
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
    /// Looks for a signal that came while .NET started a thread. A thread that starts another takes no signals meanwhile, so that one goes to any
    /// other, where CPython's handler takes note of it but, before 3.13, sets no flag that the main thread looks at before it waits. Needs the GIL.
    /// </summary>
    /// <remarks>What its handler raises comes up at the next bytecode: the caller goes on.</remarks>
    public static void LookForSignals()
    {
        if (CPython.PyErr_CheckSignals() < 0)
        {
            TryPostpone(CPython.PyErr_GetRaisedException());
        }
    }

    /// <summary>The same for a callback that the loop may run without a bytecode after it, as uvloop does: what was put off is raised here.</summary>
    /// <returns>False if it is now the current error.</returns>
    public static bool RaiseIfSignalled() => (s_waiting > 0 ? CPython.Py_MakePendingCalls() : CPython.PyErr_CheckSignals()) >= 0;

    /// <summary>Whether an exception is one that signals' handlers raise.</summary>
    public static bool IsInterrupt(BorrowedReference exception)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
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
