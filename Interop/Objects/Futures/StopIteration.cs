namespace PyAsync.Interop;

/// <summary>How an iterator returns a value.</summary>
internal static class StopIteration
{
    /// <summary>Sets <c>StopIteration(value)</c> as the current error. Takes the value.</summary>
    public static void Set(NewReference value)
    {
        BorrowedReference type = PythonInterpreter.Current.Objects.Exception("StopIteration");

        // Given a tuple or an exception, CPython would take it for the exception's arguments or for the exception itself.
        NewReference error = type.Call(value.Borrow());
        value.Dispose();
        if (!error.IsNull)
        {
            CPython.PyErr_SetRaisedException(error);
        }
    }

    /// <summary>Takes the current error and gives the value that it returns; NULL, with the error left as it is, if it is another.</summary>
    public static NewReference TakeValue()
    {
        if (!PythonErrors.IsCurrent("StopIteration"))
        {
            return default;
        }

        using NewReference error = CPython.PyErr_GetRaisedException();
        return error.Borrow().GetAttr(PythonInterpreter.Current.Names.Value);
    }
}
