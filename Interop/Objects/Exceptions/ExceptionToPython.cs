using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>.NET exception to Python exception.</summary>
internal static class ExceptionToPython
{
    /// <summary>Inner exceptions deeper than this are left to the .NET stack trace's text.</summary>
    private const int MaxDepth = 8;

    /// <summary>
    /// The Python exception to raise: the very one that the .NET exception came from, or a new one that remembers it. Throws nothing: it is asked for
    /// where nobody could catch that.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What is told of instead says that it is not the whole of it.")]
    public static NewReference Convert(Exception exception)
    {
        try
        {
            return Convert(exception, MaxDepth);
        }
        catch (Exception e)
        {
            PythonErrors.Set("RuntimeError", $"a {exception.GetType().FullName} of .NET's that cannot be told of ({e.GetType().FullName})");
            return CPython.PyErr_GetRaisedException();
        }
    }

    /// <summary>Whether a cancellation is none that anybody asked for: HttpClient reports so that its own time is up.</summary>
    public static bool IsTimeout(OperationCanceledException exception) => exception.InnerException is TimeoutException;

    private static NewReference Convert(Exception exception, int depth)
    {
        if (exception is IPythonError { Error.Value: var value } && value.TryBeginUse())
        {
            // Not the one that somebody has disposed: that is told of by a new one, as any exception of .NET's.
            NewReference same = NewReference.From(value.ReferenceInUse);
            value.EndUse();
            NoteStackTrace(same.Borrow(), exception);
            return same;
        }

        if (PythonInterpreter.Current.Neighbour?.PythonExceptionOf(exception) is { } carried)
        {
            using (carried)
            {
                return NewReference.From(carried.Reference);
            }
        }

        if (exception is AggregateException { InnerExceptions: [var only] })
        {
            return Convert(only, depth);
        }

        NewReference created = exception is AggregateException several && Group(several, depth) is { IsNull: false } group
            ? group
            : Create(exception);
        Remember(created.Borrow(), exception);
        if (exception is not AggregateException && exception.InnerException is { } inner && depth > 0)
        {
            CPython.PyException_SetCause(created.Borrow(), Convert(inner, depth - 1).Steal());
        }

        return created;
    }

    private static NewReference Create(Exception exception)
    {
        BorrowedReference type = TypeFor(exception);
        using NewReference message = PyText.FromString(Text(exception, static e => e.Message));
        NewReference created = type.Call(message.Borrow());
        if (created.IsNull)
        {
            // Not even the exception could be made: out of memory, or a broken interpreter. Say that instead.
            created = CPython.PyErr_GetRaisedException();
        }

        return created;
    }

    /// <summary>What an exception says of itself, by code of anybody's: empty if that gives nothing, or throws.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It must not hide the exception that it is asked of.")]
    private static string Text(Exception exception, Func<Exception, string?> ask)
    {
        try
        {
            return ask(exception) ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }

    private static BorrowedReference TypeFor(Exception exception)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        return exception switch
        {
            IPythonExceptionName named => objects.Exception(named.PythonName),
            OperationCanceledException e when IsTimeout(e) => PyAsyncModule.TimeoutError,
            OperationCanceledException => objects.CancelledError,
            TimeoutException => PyAsyncModule.TimeoutError,
            ArgumentException => objects.Exception("ValueError"),
            KeyNotFoundException => objects.Exception("KeyError"),
            NotImplementedException => objects.Exception("NotImplementedError"),
            FileNotFoundException or DirectoryNotFoundException => objects.Exception("FileNotFoundError"),
            IOException => objects.Exception("OSError"),
            _ => PyAsyncModule.DotNetException,
        };
    }

    /// <summary>An ExceptionGroup; NULL before 3.11, which has none.</summary>
    private static NewReference Group(AggregateException several, int depth)
    {
        BorrowedReference type = PythonInterpreter.Current.Objects.Exception("BaseExceptionGroup");
        if (type.IsNull || depth == 0)
        {
            return default;
        }

        using NewReference children = CPython.PyTuple_New(several.InnerExceptions.Count).OrThrow();
        for (int i = 0; i < several.InnerExceptions.Count; i++)
        {
            _ = CPython.PyTuple_SetItem(children.Borrow(), i, Convert(several.InnerExceptions[i], depth - 1).Steal());
        }

        // BaseExceptionGroup(...) gives an ExceptionGroup by itself when every child is an Exception.
        using NewReference message = PyText.FromString(Text(several, static e => e.Message));
        NewReference group = type.Call(message.Borrow(), children.Borrow());
        if (group.IsNull)
        {
            PythonErrors.Forget();
        }

        return group;
    }

    /// <summary>Lets the exception come back as itself, and Python code see where it came from.</summary>
    private static void Remember(BorrowedReference created, Exception exception)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference holder = ManagedObject.Wrap(exception);
        using NewReference type = PyText.FromString(exception.GetType().FullName ?? exception.GetType().Name);
        using NewReference stack = PyText.FromString(Text(exception, static e => e.StackTrace));
        bool failed = CPython.PyObject_SetAttr(created, names.ManagedException.Reference, holder.Borrow()) < 0
            || CPython.PyObject_SetAttr(created, names.DotNetType.Reference, type.Borrow()) < 0
            || CPython.PyObject_SetAttr(created, names.DotNetStackTrace.Reference, stack.Borrow()) < 0;
        if (failed)
        {
            PythonErrors.Forget();
        }

        NoteStackTrace(created, exception);
    }

    /// <summary>Adds .NET's stack trace to what Python prints of the exception (PEP 678, 3.11 and newer).</summary>
    private static void NoteStackTrace(BorrowedReference error, Exception exception)
    {
        if (CPython.Minor < 11 || Text(exception, static e => e.StackTrace) is not { Length: > 0 } stack)
        {
            return;
        }

        using NewReference note = PyText.FromString($"{exception.GetType().FullName}\n{stack}");
        using NewReference result = error.CallMethod(PythonInterpreter.Current.Names.AddNote, note.Borrow());
        if (result.IsNull)
        {
            PythonErrors.Forget();
        }
    }
}
