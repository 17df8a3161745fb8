using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace PyAsync.Interop;

/// <summary>The thread's current Python error, as CPython's C API keeps it. Every member needs the GIL.</summary>
internal static class PythonErrors
{
    /// <summary>
    /// Takes the current error away and gives it as a .NET exception to throw. One that came from .NET is thrown right
    /// here, so that it keeps its own stack trace.
    /// </summary>
    [StackTraceHidden]
    public static Exception Take()
    {
        Exception exception = TakeForAwaiter(CancellationToken.None);
        if (exception is not IPythonError)
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        return exception;
    }

    /// <summary>Takes the current error away and gives it as the exception that a Task is to fail with.</summary>
    /// <param name="token">The token that a cancellation is owed to; none if Python cancelled by itself.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Handed on.")]
    public static Exception TakeForAwaiter(CancellationToken token)
    {
        using NewReference error = CPython.PyErr_GetRaisedException();
        if (error.IsNull)
        {
            return new InvalidOperationException("CPython reported an error without setting one.");
        }

        try
        {
            return ExceptionFromPython.Convert(error.Borrow(), token);
        }
        catch (Exception e)
        {
            // It has attributes that are nothing like an exception's. Whoever waits for it must hear of it all the same.
            CPython.PyErr_Clear();
            return new InvalidOperationException($"Python raised a '{PyText.TypeName(CPython.Py_TYPE(error.Borrow()))}' that cannot be told of: {e.Message}", e);
        }
    }

    /// <summary>Throws if C reported failure as a negative number.</summary>
    public static int ThrowIfNegative(int result) => result >= 0 ? result : throw Take();

    public static void ThrowIfSet()
    {
        if (!CPython.PyErr_Occurred().IsNull)
        {
            throw Take();
        }
    }

    /// <summary>Whether the current error is of one of Python's own types.</summary>
    public static bool IsCurrent(string builtinType)
    {
        BorrowedReference type = CPython.PyErr_Occurred();
        return !type.IsNull && CPython.PyErr_GivenExceptionMatches(type, PythonInterpreter.Current.Objects.Exception(builtinType)) != 0;
    }

    /// <summary>Clears the current error if it is of one of Python's own types; leaves any other.</summary>
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
    /// Clears the current error, which says no more than that something is not there. Python code has run: what a signal's handler raised in
    /// it by chance is no such error, and is raised again later.
    /// </summary>
    /// <returns>Whether there was such an interrupt: what was asked for may be there.</returns>
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

    /// <summary>Makes a .NET exception the current error, for a slot that returns failure to Python.</summary>
    public static void Set(Exception exception) =>
        CPython.PyErr_SetRaisedException(ExceptionToPython.Convert(exception));

    /// <summary>Makes a new exception of one of Python's own types the current error.</summary>
    public static void Set(string builtinType, string message) =>
        Set(PythonInterpreter.Current.Objects.Exception(builtinType), message);

    public static void Set(BorrowedReference type, string message)
    {
        using NewReference text = PyText.FromString(message);
        CPython.PyErr_SetObject(type, text.Borrow());
    }
}
