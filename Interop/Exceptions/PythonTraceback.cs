namespace PyAsync.Exceptions;

/// <summary>Restores the <c>__traceback__</c> of Python exceptions that .NET code keeps and throws more than once. Needs the GIL.</summary>
/// <remarks>
/// Python prepends each frame that an exception passes to its traceback. A PythonException that .NET code keeps and throws a thousand times would have
/// a thousand callers there, with their local variables. So the traceback of the first crossing is restored, as <c>asyncio.Future.result</c> does.
/// </remarks>
internal static class PythonTraceback
{
    /// <summary>Removes the entries that were added to the traceback since the exception first went back to Python.</summary>
    public static void ReturnTo(BorrowedReference error, PythonErrorInfo info)
    {
        NewReference entry = CPython.PyException_GetTraceback(error);
        if (info.TracebackAtReturn == 0 || entry.IsNull || entry.Pointer == info.TracebackAtReturn)
        {
            info.TracebackAtReturn = entry.Pointer;
            entry.Dispose();
            return;
        }

        // By address only: .NET does not keep the entry alive. If it is gone, the whole traceback stays.
        PyName nextName = WellKnownNames.Current.TracebackNext;
        while (!entry.IsNull && !entry.Borrow().IsNone && entry.Pointer != info.TracebackAtReturn)
        {
            NewReference next = entry.Borrow().GetAttr(nextName);
            entry.Dispose();
            entry = next;
        }

        if (entry.IsNull)
        {
            PythonErrors.Forget();
        }
        else if (!entry.Borrow().IsNone)
        {
            _ = CPython.PyException_SetTraceback(error, entry.Borrow());
        }

        entry.Dispose();
    }
}
