using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PyAsync.Exceptions;

/// <summary>
/// Records a .NET exception that was raised in Python. The Python exception that was made of it holds this object, so that the same .NET exception
/// comes back, with the stack trace that it had at the crossing.
/// </summary>
/// <remarks>
/// .NET appends to an exception's stack trace each time the exception is thrown again. An exception that Python keeps and raises a thousand times would
/// have a thousand stack traces, so the first one is restored.
/// </remarks>
internal sealed class Crossing
{
    // The latest crossing of each exception. Weak, so that it causes no reference cycle between the two garbage collectors.
    private static readonly ConditionalWeakTable<Exception, Crossing> s_latest = [];

    private readonly ExceptionDispatchInfo _dispatch;
    private bool _hasReturned;

    private Crossing(Exception exception, string stack)
    {
        _dispatch = ExceptionDispatchInfo.Capture(exception);
        Stack = stack;
    }

    public Exception Exception => _dispatch.SourceException;

    /// <summary>Gets the stack trace at the crossing; empty for an exception that has not been thrown.</summary>
    private string Stack { get; }

    /// <summary>Records that an exception crosses to Python.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="stack">Its current stack trace.</param>
    public static Crossing Begin(Exception exception, string stack)
    {
        // An exception that has been in Python before and was rethrown keeps its first stack trace. One that was thrown afresh gets a new one: .NET has
        // cleared its stack trace.
        if (s_latest.TryGetValue(exception, out Crossing? latest) && latest.Stack.Length > 0 && stack.StartsWith(latest.Stack, StringComparison.Ordinal))
        {
            return latest;
        }

        var crossing = new Crossing(exception, stack);
        s_latest.AddOrUpdate(exception, crossing);
        return crossing;
    }

    /// <summary>Finds the crossing of a Python exception that this copy of the library made; null if there is none.</summary>
    public static Crossing? Of(BorrowedReference error)
    {
        // Not GetAttr, which may run code of the exception's class.
        using NewReference holder = CPython.PyObject_GenericGetAttr(error, WellKnownNames.Current.ManagedException.Reference);
        if (holder.IsNull)
        {
            PythonErrors.Forget();
            return null;
        }

        return ManagedObject.TryUnwrap(holder.Borrow(), out object? target) ? target as Crossing : null;
    }

    /// <summary>Throws an exception that has returned from Python, with the stack trace that it had when it left.</summary>
    [DoesNotReturn]
    [StackTraceHidden]
    public static void Rethrow(Exception exception)
    {
        if (s_latest.TryGetValue(exception, out Crossing? crossing))
        {
            crossing._dispatch.Throw();
        }

        ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Restores the stack trace that the exception had when it crossed to Python, if it may have been thrown since.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Thrown for the sake of its stack trace alone.")]
    public void Return()
    {
        if (!_hasReturned)
        {
            _hasReturned = true;
            return;
        }

        try
        {
            _dispatch.Throw();
        }
        catch (Exception)
        {
            // The stack trace is now that of the crossing.
        }
    }
}
