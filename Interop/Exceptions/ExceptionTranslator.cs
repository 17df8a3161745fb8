using System.Diagnostics;

namespace PyAsync.Exceptions;

/// <inheritdoc/>
internal sealed class ExceptionTranslator : ErrorTranslator
{
    /// <inheritdoc/>
    [StackTraceHidden]
    public override Exception Take()
    {
        Exception exception = ErrorTranslation.TakeForAwaiter(CancellationToken.None);
        if (exception is not IPythonError)
        {
            Crossing.Rethrow(exception);
        }

        return exception;
    }

    /// <inheritdoc/>
    public override PythonOverflowException TooLarge(BorrowedReference value, string target, string size, string most) =>
        NewTooLarge(value, target, size, most);

    /// <inheritdoc cref="TooLarge"/>
    public static PythonOverflowException NewTooLarge(BorrowedReference value, string target, string size, string most)
    {
        string type = PyText.TypeName(CPython.Py_TYPE(value));
        string text = $"The Python '{type}' of {size} does not fit into {target}, which holds at most {most}.";
        return new PythonOverflowException(new ConversionFailure(text, type, $"of {size} is too large: at most {most} are taken"));
    }
}
