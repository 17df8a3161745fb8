using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Exceptions;

/// <summary>Reads the data of a Python exception, from objects whose classes may run any code: each failure has a fallback. Needs the GIL.</summary>
internal static unsafe class ExceptionFacts
{
    /// <summary>The number of an exception's arguments whose sizes are examined.</summary>
    private const int MaxArguments = 100;

    /// <summary>Gets <c>str(e)</c>, or a fallback that says why there is none.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The text must not hide the exception.")]
    public static string Message(BorrowedReference error)
    {
        try
        {
            return MessageHint.Current?.Describe(error) ?? PyText.Describe(error);
        }
        catch (Exception)
        {
            PythonErrors.Forget();
            return $"<{PyText.BareTypeName(CPython.Py_TYPE(error))} whose str() cannot be read>";
        }
    }

    /// <summary>Gets the names of the types in <c>type.__mro__</c>.</summary>
    public static string[] BaseNames(BorrowedReference type)
    {
        using NewReference mro = type.GetAttr(WellKnownNames.Current.Mro);
        if (IsNoTuple(mro))
        {
            return BaseNamesOfLayout(type);
        }

        var names = new string[CPython.PyTuple_Size(mro.Borrow())];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = PyText.QualifiedTypeName(CPython.PyTuple_GetItem(mro.Borrow(), i));
        }

        return names;
    }

    /// <summary>Gets the exceptions of an ExceptionGroup, from the group itself, even if its class overrides them; NULL for others.</summary>
    public static NewReference Members(BorrowedReference error)
    {
        BorrowedReference group = WellKnownObjects.Current.Exception("BaseExceptionGroup");
        if (group.IsNull || CPython.PyErr_GivenExceptionMatches(error, group) == 0)
        {
            return default;
        }

        WellKnownNames names = WellKnownNames.Current;
        using NewReference descriptor = group.GetAttr(names.Exceptions);
        if (descriptor.IsNull)
        {
            PythonErrors.Forget();
            return default;
        }

        NewReference members = descriptor.Borrow().CallMethod(names["__get__"], error, CPython.Py_TYPE(error));
        if (IsNoTuple(members))
        {
            members.Dispose();
            return default;
        }

        return members;
    }

    /// <summary>Gets the exit code that CPython ends a program with: SystemExit's own code, 1 for a code that is not a number, 130 for Ctrl-C.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A code that cannot be read is none.")]
    public static int? ExitCode(BorrowedReference error)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        if (CPython.PyErr_GivenExceptionMatches(error, objects.Exception("KeyboardInterrupt")) != 0)
        {
            return 130;
        }

        if (CPython.PyErr_GivenExceptionMatches(error, objects.Exception("SystemExit")) == 0)
        {
            return null;
        }

        using NewReference code = error.GetAttr(WellKnownNames.Current.Code);
        if (code.IsNull)
        {
            PythonErrors.Forget();
            return 1;
        }

        if (code.Borrow().IsNone)
        {
            return 0;
        }

        try
        {
            return code.Borrow().HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS) ? (int)PyNumber.Truncated(code.Borrow()) : 1;
        }
        catch (Exception)
        {
            PythonErrors.Forget();
            return 1;
        }
    }

    /// <summary>Gets a lower bound of the memory of the large objects in <c>e.args</c>; see <see cref="ObjectSizes"/>.</summary>
    public static long SizeOfArguments(BorrowedReference error)
    {
        using NewReference arguments = error.GetAttr(WellKnownNames.Current["args"]);
        if (IsNoTuple(arguments))
        {
            return 0;
        }

        long size = 0;
        nint count = Math.Min(CPython.PyTuple_Size(arguments.Borrow()), MaxArguments);
        for (nint i = 0; i < count; i++)
        {
            size += Math.Max(0, WellKnownObjects.Current.Sizes.OfLarge(CPython.PyTuple_GetItem(arguments.Borrow(), i)));
        }

        return size;
    }

    /// <summary>Gets the names of the first bases, from C's structures: for a type whose metaclass hides <c>__mro__</c>.</summary>
    private static string[] BaseNamesOfLayout(BorrowedReference type)
    {
        List<string> names = [];
        for (nint t = type.Pointer; t != 0; t = (nint)CPython.PyType_GetSlot(new BorrowedReference(t), CPython.Py_tp_base))
        {
            names.Add(PyText.QualifiedTypeName(new BorrowedReference(t)));
        }

        return [.. names];
    }

    /// <summary>True if an attribute is missing, or is not a tuple, as in Python's own exceptions.</summary>
    private static bool IsNoTuple(NewReference attribute)
    {
        if (attribute.IsNull)
        {
            PythonErrors.Forget();
            return true;
        }

        return !attribute.Borrow().HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS);
    }
}
