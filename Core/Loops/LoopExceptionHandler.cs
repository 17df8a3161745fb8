using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The exception handler of a runtime's own loop. It logs what asyncio reports: the exception of a task that no code retrieved, or of a callback.
/// Python code may install another handler, as on any loop.
/// </summary>
internal static class LoopExceptionHandler
{
    /// <summary>Marks an error context that has been logged already.</summary>
    private const string LoggedKey = "pyasync_logged";

    /// <summary>Installs the handler. Needs the GIL.</summary>
    public static void Install(BorrowedReference loop, ILogger logger)
    {
        using PyObject handler = PyFunction.Create(
            "pyasync_exception_handler",
            arguments =>
            {
                using PyObject context = arguments[1];
                Log(context, logger);
                return null;
            });
        using NewReference result = loop.CallMethod(WellKnownNames.Current["set_exception_handler"], handler.Reference).OrThrow();
    }

    /// <summary>Calls <c>loop.call_exception_handler</c> for a failure that no code awaits. A failure of that call is printed, never raised.</summary>
    /// <param name="loop">The loop; its handler need not be the one of <see cref="Install"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="exception">The failure.</param>
    /// <param name="future">The future that failed; NULL for none.</param>
    /// <param name="handle">The handle of the callback that failed; NULL for none.</param>
    /// <param name="isLogged">True if the failure has been logged: the handler of <see cref="Install"/> then ignores it.</param>
    public static void Call(
        BorrowedReference loop, string message, BorrowedReference exception, BorrowedReference future = default, BorrowedReference handle = default, bool isLogged = false)
    {
        WellKnownNames names = WellKnownNames.Current;
        using NewReference context = CPython.PyDict_New();
        using NewReference text = PyText.FromString(message);
        bool ok = !context.IsNull
            && CPython.PyDict_SetItem(context.Borrow(), names["message"].Reference, text.Borrow()) == 0
            && CPython.PyDict_SetItem(context.Borrow(), names["exception"].Reference, exception) == 0
            && (future.IsNull || CPython.PyDict_SetItem(context.Borrow(), names["future"].Reference, future) == 0)
            && (handle.IsNull || CPython.PyDict_SetItem(context.Borrow(), names["handle"].Reference, handle) == 0)
            && (!isLogged || CPython.PyDict_SetItem(context.Borrow(), names[LoggedKey].Reference, InterpreterState.Current.True) == 0);
        using NewReference result = ok ? loop.CallMethod(names["call_exception_handler"], context.Borrow()) : default;
        if (result.IsNull)
        {
            CPython.PyErr_WriteUnraisable(loop);
        }
    }

    private static void Log(PyObject context, ILogger logger)
    {
        using PyObject get = context.GetAttr("get");
        if (get.Call([LoggedKey]).IsTrue())
        {
            return;
        }

        using PyObject message = get.Call(["message"]);
        using PyObject exception = get.Call(["exception"]);
        Exception? converted = exception.IsNone ? null : ExceptionFromPython.Convert(exception.Reference, CancellationToken.None);
        logger.LogError(converted, "asyncio: {Message} {Context}", message.ToString(), context.Repr());
    }
}
