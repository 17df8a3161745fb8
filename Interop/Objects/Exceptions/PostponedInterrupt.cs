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
    /// <summary>Has the main thread raise an exception at its next bytecode. Needs the GIL; takes the exception.</summary>
    /// <returns>False if this is not the main thread, the only one on which signals' handlers run: the exception is somebody's own.</returns>
    public static bool TryPostpone(NewReference exception)
    {
        nint pointer = exception.Take();
        if (IsMainThread() && CPython.Py_AddPendingCall(&Raise, pointer) == 0)
        {
            return true;
        }

        new NewReference(pointer).Dispose();
        return false;
    }

    /// <summary>Whether an exception is one that signals' handlers raise.</summary>
    public static bool IsInterrupt(BorrowedReference exception)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        return CPython.PyErr_GivenExceptionMatches(exception, objects.Exception("KeyboardInterrupt")) != 0
            || CPython.PyErr_GivenExceptionMatches(exception, objects.Exception("SystemExit")) != 0;
    }

    private static bool IsMainThread()
    {
        using NewReference main = PythonInterpreter.Current.Objects.Import("threading", "main_thread").Call();
        using NewReference identity = main.IsNull ? default : main.Borrow().GetAttr(PythonInterpreter.Current.Names["ident"]);
        bool isMain = !identity.IsNull && PyConvert.UInt64.FromReference(identity.Borrow()) == CPython.PyThread_get_thread_ident();
        CPython.PyErr_Clear();
        return isMain;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Raise(nint exception)
    {
        CPython.PyErr_SetRaisedException(new NewReference(exception));
        return -1;
    }
}
