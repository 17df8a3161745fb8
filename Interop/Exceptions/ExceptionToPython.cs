using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PyAsync.Exceptions;

/// <summary>Converts .NET exceptions to Python exceptions. Needs the GIL.</summary>
internal static partial class ExceptionToPython
{
    /// <summary>The depth of inner exceptions and groups that become Python exceptions; .NET's stack trace has the rest.</summary>
    private const int MaxDepth = 8;

    // By reference: an OperationCanceledException itself does not show that it is a time-out.
    private static readonly ConditionalWeakTable<OperationCanceledException, object> s_timeouts = [];
    private static readonly object s_mark = new();

    /// <summary>
    /// Converts an exception to the Python exception to raise: the original one if the .NET exception came from Python, or a new one that refers to the
    /// .NET exception. Never throws, because its callers could not handle that.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure of the conversion is reported as such.")]
    public static NewReference Convert(Exception exception)
    {
        try
        {
            return Convert(exception, MaxDepth, null);
        }
        catch (Exception e)
        {
            CPython.PyErr_Clear();
            return Failure(exception, e);
        }
    }

    /// <summary>True if the OperationCanceledException stems from a time-out (<c>HttpClient.Timeout</c>), not from a requested cancellation.</summary>
    public static bool IsTimeout(OperationCanceledException exception) => exception.InnerException is TimeoutException || IsMarked(exception);

    /// <summary>Records that a cancellation was a time-out, which the exception itself does not show.</summary>
    public static void MarkAsTimeout(OperationCanceledException exception) => s_timeouts.AddOrUpdate(exception, s_mark);

    private static bool IsMarked(Exception exception) => exception is OperationCanceledException canceled && s_timeouts.TryGetValue(canceled, out _);

    private static NewReference Convert(Exception exception, int depth, Dictionary<Exception, PyObject>? known)
    {
        while (exception is AggregateException { InnerExceptions: [var only] } and not IPythonExceptionGroup)
        {
            exception = only;
        }

        if (!IsMarked(exception) && SameObject(exception) is { IsNull: false } same)
        {
            return same;
        }

        if (NeighbourLibrary.Current?.PythonExceptionOf(exception) is { } carried)
        {
            using (carried)
            {
                return NewReference.From(carried.Reference);
            }
        }

        if (known is not null && known.TryGetValue(exception, out PyObject? made))
        {
            return NewReference.From(made.Reference);
        }

        NewReference created = exception is AggregateException several && Group(several, depth, known) is { IsNull: false } group
            ? group
            : Create(exception);
        if (created.IsNull)
        {
            // The recursion limit, no memory, or a broken interpreter. That error is raised instead, as itself: it is not the .NET exception.
            return CPython.PyErr_GetRaisedException();
        }

        Remember(created.Borrow(), exception);
        NewReference cause = Cause(exception, depth, known);
        if (!cause.IsNull)
        {
            CPython.PyException_SetCause(created.Borrow(), cause.Steal());
        }

        known?.TryAdd(exception, PyObject.FromBorrowed(created.Borrow()));
        return created;
    }

    /// <summary>Gets the cause of the Python exception; NULL for none.</summary>
    private static NewReference Cause(Exception exception, int depth, Dictionary<Exception, PyObject>? known) =>
        IsMarked(exception) ? SameObject(exception) // A TimeoutError from the CancelledError that ended the call.
        : exception is not AggregateException && exception.InnerException is { } inner && depth > 0 ? Convert(inner, depth - 1, known)
        : default;

    /// <summary>Gets the Python exception that a .NET exception came from; NULL if there is none, or its object is disposed.</summary>
    private static NewReference SameObject(Exception exception)
    {
        if (exception is not IPythonError { Error: { Value: var value } error } || !value.TryBeginUse())
        {
            return default; // A disposed object cannot be raised: a new one is made, as for any .NET exception.
        }

        NewReference same = NewReference.From(value.ReferenceInUse);
        value.EndUse();
        PythonTraceback.ReturnTo(same.Borrow(), error);
        DotNetStackNote.Add(same.Borrow(), exception);
        return same;
    }

    /// <summary>Creates the exception; NULL with the error set if not even that succeeds.</summary>
    private static NewReference Create(Exception exception)
    {
        BorrowedReference type = ExceptionTypes.For(exception);
        using NewReference message = PyText.FromString(ExceptionTexts.Message(exception));
        return type.Call(message.Borrow());
    }

    /// <summary>Stores the .NET exception in the Python one, so that the same exception comes back, and sets the attributes that Python code reads.</summary>
    private static void Remember(BorrowedReference created, Exception exception)
    {
        WellKnownNames names = WellKnownNames.Current;
        string stackTrace = ExceptionTexts.StackTrace(exception);
        using NewReference holder = ManagedObject.Wrap(Crossing.Begin(exception, stackTrace));
        using NewReference type = PyText.FromString(exception.GetType().FullName ?? exception.GetType().Name);
        using NewReference stack = PyText.FromString(stackTrace);
        bool failed = CPython.PyObject_SetAttr(created, names.ManagedException.Reference, holder.Borrow()) < 0
            || CPython.PyObject_SetAttr(created, names.DotNetType.Reference, type.Borrow()) < 0
            || CPython.PyObject_SetAttr(created, names.DotNetStackTrace.Reference, stack.Borrow()) < 0;
        if (failed)
        {
            PythonErrors.Forget();
        }

        DotNetStackNote.Add(created, exception, stackTrace);
    }

    /// <summary>Creates the exception to raise if another one could not be converted: a RuntimeError, or a MemoryError.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "There is a simpler exception for that.")]
    private static NewReference Failure(Exception exception, Exception reason)
    {
        try
        {
            PythonErrors.Set("RuntimeError", $"A {exception.GetType().FullName} of .NET cannot be converted to a Python exception ({reason.GetType().FullName}).");
        }
        catch (Exception)
        {
            CPython.PyErr_Clear();
            CPython.PyErr_SetNone(CPython.Global("PyExc_MemoryError"));
        }

        return CPython.PyErr_GetRaisedException();
    }
}
