namespace PyAsync.Exceptions;

/// <summary>Converts between the thread's current Python error and .NET's exceptions.</summary>
internal static class ErrorTranslation
{
    /// <summary>Takes the current error and returns it as the exception that a Task fails with.</summary>
    /// <param name="token">The token that caused a cancellation; none if Python cancelled.</param>
    public static Exception TakeForAwaiter(CancellationToken token)
    {
        using NewReference error = CPython.PyErr_GetRaisedException();
        return error.IsNull
            ? new InvalidOperationException("CPython reported an error without setting one.")
            : ExceptionFromPython.Convert(error.Borrow(), token);
    }

    /// <summary>Makes a .NET exception the current error, for a slot that returns a failure to Python.</summary>
    public static void Set(Exception exception) =>
        PythonErrors.Raise(ExceptionToPython.Convert(exception));
}
