using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Exceptions;

/// <summary>
/// Converts one Python exception with its causes and the exceptions of its groups. The conversion is bounded for all objects: an exception that occurs
/// again gives the same .NET exception, and depth and number are limited. The traceback's text includes the omitted ones.
/// </summary>
internal sealed class ExceptionGraph
{
    /// <summary>The depth of causes and groups that become .NET exceptions.</summary>
    private const int MaxDepth = 8;

    /// <summary>The number of exceptions that become .NET exceptions.</summary>
    private const int MaxExceptions = 100_000;

    /// <summary>The number of exceptions with a complete traceback: a traceback costs far more than the exception itself.</summary>
    private const int MaxTracebacks = 100;

    // By address: the first exception keeps them alive. Null while one is being converted. Allocated for the second one.
    private Dictionary<nint, Exception?>? _known;
    private int _count;

    public Exception Convert(BorrowedReference error, CancellationToken token) => Convert(error, MaxDepth, token)!;

    private static bool Matches(BorrowedReference error, BorrowedReference type) =>
        !type.IsNull && CPython.PyErr_GivenExceptionMatches(error, type) != 0;

    /// <summary>Converts an exception; returns null if it is part of a cycle, or exceeds the limit.</summary>
    private Exception? Convert(BorrowedReference error, int depth, CancellationToken token)
    {
        if (_known is not null && _known.TryGetValue(error.Pointer, out Exception? known))
        {
            return known;
        }

        if (_count++ >= MaxExceptions)
        {
            return null;
        }

        (_known ??= [])[error.Pointer] = null;
        Exception converted = Create(error, depth, token);
        _known[error.Pointer] = converted;
        return converted;
    }

    private Exception Create(BorrowedReference error, int depth, CancellationToken token)
    {
        Crossing? crossing = Crossing.Of(error);
        crossing?.Return();
        if ((crossing?.Exception ?? OriginalOfNeighbour(error)) is { } original)
        {
            NoteTraceback(original, error);
            return original;
        }

        PythonErrorInfo info = Snapshot(error, depth);
        WellKnownObjects objects = WellKnownObjects.Current;
        return Matches(error, objects.CancelledErrorIfImported) ? new PythonCanceledException(info, token)
            : Matches(error, objects.Exception("TimeoutError")) ? new PythonTimeoutException(info)
            : new PythonException(info);
    }

    /// <summary>Finds the .NET exception that another library made a Python one from.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure of the other library must not hide the exception.")]
    private static Exception? OriginalOfNeighbour(BorrowedReference error)
    {
        if (NeighbourLibrary.Current is not { } neighbour)
        {
            return null;
        }

        try
        {
            using PyObject owned = PyObject.FromBorrowed(error);
            return neighbour.ExceptionOf(owned);
        }
        catch (Exception)
        {
            PythonErrors.Forget();
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Data belongs to the exception's own class, which may refuse.")]
    private void NoteTraceback(Exception original, BorrowedReference error)
    {
        try
        {
            original.Data[ExceptionFromPython.TracebackKey] = Traceback(error, out _);
        }
        catch (Exception)
        {
            // The exception arrives without Python's traceback.
        }
    }

    private PythonErrorInfo Snapshot(BorrowedReference error, int depth)
    {
        BorrowedReference type = CPython.Py_TYPE(error);
        string traceback = Traceback(error, out bool isWhole);
        return new PythonErrorInfo(
            PyText.QualifiedTypeName(type),
            ExceptionFacts.BaseNames(type),
            ExceptionFacts.Message(error),
            traceback,
            new PyObject(NewReference.From(error).Take(), ExceptionFacts.SizeOfArguments(error)),
            depth > 0 ? Children(error, depth) : [],
            depth > 0 ? Cause(error, depth) : null,
            ExceptionFacts.ExitCode(error))
        {
            TracebackNamesCauses = isWhole,
        };
    }

    private string Traceback(BorrowedReference error, out bool isWhole)
    {
        isWhole = _count <= MaxTracebacks;
        return isWhole ? TracebackText.Of(error, out isWhole) : TracebackText.WithoutFrames(error);
    }

    private Exception[] Children(BorrowedReference error, int depth)
    {
        using NewReference members = ExceptionFacts.Members(error);
        if (members.IsNull)
        {
            return [];
        }

        int count = (int)CPython.PyTuple_Size(members.Borrow());
        var children = new List<Exception>(Math.Min(count, MaxExceptions));
        for (int i = 0; i < count && _count < MaxExceptions; i++)
        {
            if (Convert(CPython.PyTuple_GetItem(members.Borrow(), i), depth - 1, CancellationToken.None) is { } child)
            {
                children.Add(child);
            }
        }

        return [.. children];
    }

    private Exception? Cause(BorrowedReference error, int depth)
    {
        using NewReference cause = CPython.PyException_GetCause(error);
        return cause.IsNull ? null : Convert(cause.Borrow(), depth - 1, CancellationToken.None);
    }
}
