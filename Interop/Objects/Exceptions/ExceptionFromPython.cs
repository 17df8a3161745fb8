namespace PyAsync.Interop;

/// <summary>Python exception to .NET exception.</summary>
internal static class ExceptionFromPython
{
    /// <summary>Where a .NET exception that comes back from Python notes Python's traceback: a key of its <c>Data</c>.</summary>
    public const string TracebackKey = "Python.Traceback";

    /// <summary>Causes and groups deeper than this are left to the traceback's text.</summary>
    private const int MaxDepth = 8;

    public static Exception Convert(BorrowedReference error, CancellationToken token) => Convert(error, MaxDepth, token);

    private static Exception Convert(BorrowedReference error, int depth, CancellationToken token)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        if ((Original(error) ?? OriginalOfNeighbour(error)) is { } original)
        {
            original.Data[TracebackKey] = Traceback(error);
            return original;
        }

        PythonErrorInfo info = Snapshot(error, depth);
        if (Matches(error, objects.CancelledError))
        {
            return new PythonCanceledException(info, token);
        }

        if (Matches(error, objects.Exception("TimeoutError")) || Matches(error, objects.Import("asyncio", "TimeoutError")))
        {
            return new PythonTimeoutException(info);
        }

        return new PythonException(info);
    }

    private static bool Matches(BorrowedReference error, BorrowedReference type) =>
        CPython.PyErr_GivenExceptionMatches(error, type) != 0;

    /// <summary>The .NET exception that a Python one was made from by this copy of the library.</summary>
    public static Exception? Original(BorrowedReference error)
    {
        using NewReference holder = error.GetAttr(PythonInterpreter.Current.Names.ManagedException);
        if (holder.IsNull)
        {
            PythonErrors.Forget();
            return null;
        }

        return ManagedObject.TryUnwrap(holder.Borrow(), out object? target) ? target as Exception : null;
    }

    /// <summary>The .NET exception that a Python one was made from by another library.</summary>
    private static Exception? OriginalOfNeighbour(BorrowedReference error)
    {
        if (PythonInterpreter.Current.Neighbour is not { } neighbour)
        {
            return null;
        }

        using PyObject owned = PyObject.FromBorrowed(error);
        return neighbour.ExceptionOf(owned);
    }

    private static PythonErrorInfo Snapshot(BorrowedReference error, int depth)
    {
        BorrowedReference type = CPython.Py_TYPE(error);
        return new PythonErrorInfo(
            PyText.QualifiedTypeName(type),
            BaseNames(type),
            PyText.Describe(error),
            Traceback(error),
            PyObject.FromBorrowed(error),
            depth > 0 ? Children(error, depth) : [],
            depth > 0 ? Cause(error, depth) : null,
            ExitCode(error));
    }

    private static string[] BaseNames(BorrowedReference type)
    {
        using NewReference mro = type.GetAttr(PythonInterpreter.Current.Names.Mro);
        if (IsNoTuple(mro))
        {
            return [];
        }

        var names = new string[CPython.PyTuple_Size(mro.Borrow())];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = PyText.QualifiedTypeName(CPython.PyTuple_GetItem(mro.Borrow(), i));
        }

        return names;
    }

    /// <summary><c>traceback.format_exception</c>; its own failure must not hide the exception.</summary>
    private static string Traceback(BorrowedReference error)
    {
        try
        {
            BorrowedReference format = PythonInterpreter.Current.Objects.Import("traceback", "format_exception");
            using NewReference lines = format.Call(error).OrThrow();
            return string.Concat(PyConvert.List(PyConvert.String).FromReference(lines.Borrow()));
        }
        catch (PythonException e)
        {
            return $"{PyText.TypeName(CPython.Py_TYPE(error))}: {PyText.Describe(error)} (no traceback: {e.Message})";
        }
    }

    private static Exception[] Children(BorrowedReference error, int depth)
    {
        // BaseExceptionGroup is 3.11's; before, nothing is a group.
        BorrowedReference group = PythonInterpreter.Current.Objects.Exception("BaseExceptionGroup");
        if (group.IsNull || !Matches(error, group))
        {
            return [];
        }

        using NewReference exceptions = error.GetAttr(PythonInterpreter.Current.Names.Exceptions);
        if (IsNoTuple(exceptions))
        {
            return [];
        }

        var children = new Exception[CPython.PyTuple_Size(exceptions.Borrow())];
        for (int i = 0; i < children.Length; i++)
        {
            children[i] = Convert(CPython.PyTuple_GetItem(exceptions.Borrow(), i), depth - 1, CancellationToken.None);
        }

        return children;
    }

    /// <summary>Whether an attribute is not there, or another thing than Python's own would be: a class may have put anything there.</summary>
    private static bool IsNoTuple(NewReference attribute)
    {
        if (attribute.IsNull)
        {
            PythonErrors.Forget();
            return true;
        }

        return !attribute.Borrow().HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS);
    }

    private static Exception? Cause(BorrowedReference error, int depth)
    {
        using NewReference cause = error.GetAttr(PythonInterpreter.Current.Names.Cause);
        if (cause.IsNull)
        {
            PythonErrors.Forget();
            return null;
        }

        return cause.Borrow().IsNone ? null : Convert(cause.Borrow(), depth - 1, CancellationToken.None);
    }

    /// <summary>As CPython ends a program: SystemExit's own code, 1 for a code that is no number, 130 for Ctrl-C.</summary>
    private static int? ExitCode(BorrowedReference error)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        if (Matches(error, objects.Exception("KeyboardInterrupt")))
        {
            return 130;
        }

        if (!Matches(error, objects.Exception("SystemExit")))
        {
            return null;
        }

        using NewReference code = error.GetAttr(PythonInterpreter.Current.Names.Code);
        if (code.IsNull)
        {
            PythonErrors.Forget();
            return 1;
        }

        if (code.Borrow().IsNone)
        {
            return 0;
        }

        return code.Borrow().HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS) ? (int)IntegerConverter.Truncated(code.Borrow()) : 1;
    }
}
