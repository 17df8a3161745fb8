namespace PyAsync.Interop;

/// <summary>A value does not fit; Python code sees an <c>OverflowError</c>.</summary>
public sealed class PythonOverflowException : OverflowException, IPythonExceptionName, IConversionFailure
{
    internal PythonOverflowException(string message, Exception? innerException = null)
        : this(new ConversionFailure(message), innerException)
    {
    }

    internal PythonOverflowException(ConversionFailure failure, Exception? innerException = null)
        : base(failure.Message, innerException) => Failure = failure;

    /// <inheritdoc/>
    public override string Message => Failure.Message;

    internal ConversionFailure Failure { get; }

    string IPythonExceptionName.PythonName => "OverflowError";

    ConversionFailure IConversionFailure.Failure => Failure;
}
