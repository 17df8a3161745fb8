using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>Reads the arguments of <c>throw()</c>: an exception, or the older form of a type, a value and a traceback.</summary>
internal static class ThrownException
{
    /// <summary>Gets the exception to raise; NULL with a TypeError set if the arguments have neither form.</summary>
    public static NewReference From(ReadOnlySpan<nint> arguments)
    {
        if (arguments.Length is 0 or > 3)
        {
            return Refuse($"throw expected 1 to 3 arguments, got {arguments.Length}");
        }

        BorrowedReference none = InterpreterState.Current.None;
        var type = new BorrowedReference(arguments[0]);
        BorrowedReference value = arguments.Length > 1 ? new BorrowedReference(arguments[1]) : none;
        BorrowedReference traceback = arguments.Length > 2 ? new BorrowedReference(arguments[2]) : none;
        if (arguments.Length > 1 && !TryWarn())
        {
            return default;
        }

        if (traceback != none && PyText.TypeName(CPython.Py_TYPE(traceback)) != "traceback")
        {
            return Refuse("throw() third argument must be a traceback");
        }

        if (IsException(type))
        {
            return value == none
                ? WithTraceback(NewReference.From(type), traceback)
                : Refuse("instance exception may not have a separate value");
        }

        if (!CPython.PyType_HasFeature(CPython.Py_TYPE(type), CPython.Py_TPFLAGS_TYPE_SUBCLASS)
            || CPython.PyType_IsSubtype(type, WellKnownObjects.Current.Exception("BaseException")) == 0)
        {
            return Refuse($"exceptions must be classes deriving BaseException or instances of such a class, not {PyText.TypeName(CPython.Py_TYPE(type))}");
        }

        return WithTraceback(IsException(value) ? NewReference.From(value) : value == none ? type.Call() : type.Call(value), traceback);
    }

    private static bool IsException(BorrowedReference o) =>
        CPython.PyType_IsSubtype(CPython.Py_TYPE(o), WellKnownObjects.Current.Exception("BaseException")) != 0;

    private static NewReference WithTraceback(NewReference exception, BorrowedReference traceback)
    {
        if (!exception.IsNull && !traceback.IsNone)
        {
            _ = CPython.PyException_SetTraceback(exception.Borrow(), traceback);
        }

        return exception;
    }

    /// <summary>Warns of the older form, as Python 3.12 and newer do; false with the error set if warnings are errors.</summary>
    private static bool TryWarn()
    {
        if (CPython.Minor < 12)
        {
            return true;
        }

        using NewReference message = PyText.FromString("the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.");
        using NewReference warned = WellKnownObjects.Current.Import("warnings", "warn")
            .Call(message.Borrow(), WellKnownObjects.Current.Exception("DeprecationWarning"));
        return !warned.IsNull;
    }

    private static NewReference Refuse(string message)
    {
        PythonErrors.Set("TypeError", message);
        return default;
    }
}
