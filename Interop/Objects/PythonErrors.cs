using System.Diagnostics;

namespace PyAsync.Objects;

/// <summary>Reads and writes the thread's current Python error, as CPython's C API keeps it. Every member needs the GIL.</summary>
internal static class PythonErrors
{
    // Contexts may form a cycle. A longer list of them stays as it is.
    private const int MaximumContexts = 1_000;

    /// <summary>
    /// Takes the current error and returns it as a .NET exception to throw. One that came from .NET is thrown directly, so that it keeps its own stack trace.
    /// </summary>
    [StackTraceHidden]
    public static Exception Take() => ErrorTranslator.Current.Take();

    /// <summary>Throws if C reported a failure as a negative number.</summary>
    public static int ThrowIfNegative(int result) => result >= 0 ? result : throw Take();

    public static void ThrowIfSet()
    {
        if (!CPython.PyErr_Occurred().IsNull)
        {
            throw Take();
        }
    }

    /// <summary>True if the current error is of a builtin type.</summary>
    public static bool IsCurrent(string builtinType)
    {
        BorrowedReference type = CPython.PyErr_Occurred();
        return !type.IsNull && CPython.PyErr_GivenExceptionMatches(type, WellKnownObjects.Current.Exception(builtinType)) != 0;
    }

    /// <summary>Clears the current error if it is of a builtin type; leaves any other.</summary>
    public static bool TryClear(string builtinType)
    {
        if (!IsCurrent(builtinType))
        {
            return false;
        }

        CPython.PyErr_Clear();
        return true;
    }

    /// <summary>
    /// Clears the current error, which only means that an attribute or object does not exist. Python code has run: an exception that a signal handler
    /// raised in it by chance is not such an error, and is raised again later.
    /// </summary>
    /// <returns>True if there was such an interrupt: the attribute or object may exist.</returns>
    public static bool Forget()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (!error.IsNull && PostponedInterrupt.IsInterrupt(error.Borrow()))
        {
            return PostponedInterrupt.TryPostpone(error);
        }

        error.Dispose();
        return false;
    }

    /// <summary>Makes a new exception of a builtin type the current error.</summary>
    public static void Set(string builtinType, string message) =>
        Set(WellKnownObjects.Current.Exception(builtinType), message);

    public static void Set(BorrowedReference type, string message)
    {
        using NewReference text = PyText.FromString(message);
        CPython.PyErr_SetObject(type, text.Borrow());
    }

    /// <summary>
    /// Makes an exception object the current error, as <c>raise</c> does: its context becomes the exception that Python code is handling ("During handling
    /// of the above exception"), as with an exception of a C function or of an <c>asyncio.Future</c>. An exception that Python code raised within that
    /// handling keeps its own contexts.
    /// </summary>
    public static void Raise(NewReference error)
    {
        using NewReference handled = CPython.PyErr_GetHandledException();
        if (handled.IsNull || IsContext(handled.Borrow(), error.Borrow()))
        {
            CPython.PyErr_SetRaisedException(error);
            return;
        }

        CPython.PyErr_SetObject(CPython.Py_TYPE(error.Borrow()), error.Borrow());
        error.Dispose();
    }

    /// <summary>True if an exception is among the contexts of another one.</summary>
    private static bool IsContext(BorrowedReference candidate, BorrowedReference error)
    {
        NewReference context = CPython.PyException_GetContext(error);
        for (int i = 0; i < MaximumContexts && !context.IsNull && context.Borrow() != candidate; i++)
        {
            using NewReference previous = context;
            context = CPython.PyException_GetContext(previous.Borrow());
        }

        bool isFound = !context.IsNull;
        context.Dispose();
        return isFound;
    }
}
