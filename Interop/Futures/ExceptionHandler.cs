namespace PyAsync.Interop;

/// <summary>Calls the event loop's exception handler, which gets failures that no code awaits.</summary>
internal static class ExceptionHandler
{
    /// <summary>Calls <c>loop.call_exception_handler</c>. A failure of that call is printed, never raised.</summary>
    public static void Call(BorrowedReference loop, string message, BorrowedReference exception, BorrowedReference future = default)
    {
        WellKnownNames names = WellKnownNames.Current;
        using NewReference context = CPython.PyDict_New();
        using NewReference text = PyText.FromString(message);
        bool ok = !context.IsNull
            && CPython.PyDict_SetItem(context.Borrow(), names["message"].Reference, text.Borrow()) == 0
            && CPython.PyDict_SetItem(context.Borrow(), names["exception"].Reference, exception) == 0
            && (future.IsNull || CPython.PyDict_SetItem(context.Borrow(), names["future"].Reference, future) == 0);
        using NewReference result = ok ? loop.CallMethod(names["call_exception_handler"], context.Borrow()) : default;
        if (result.IsNull)
        {
            CPython.PyErr_WriteUnraisable(loop);
        }
    }
}
