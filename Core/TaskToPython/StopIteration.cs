using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>Returns a value from an iterator.</summary>
internal static class StopIteration
{
    /// <summary>Sets <c>StopIteration(value)</c> as the current error. Takes the value.</summary>
    public static void Set(NewReference value)
    {
        BorrowedReference type = WellKnownObjects.Current.Exception("StopIteration");

        // CPython would treat a tuple as the exception's arguments, and an exception as the exception itself. Like CPython, without arguments for None.
        NewReference error = value.Borrow().IsNone ? type.Call() : type.Call(value.Borrow());
        value.Dispose();
        if (!error.IsNull)
        {
            CPython.PyErr_SetRaisedException(error);
        }
    }
}
