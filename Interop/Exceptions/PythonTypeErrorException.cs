namespace PyAsync.Interop;

/// <summary>An object is of the wrong type, or was called the wrong way; Python code sees a <c>TypeError</c>.</summary>
public sealed class PythonTypeErrorException : InvalidCastException, IPythonExceptionName, IConversionFailure
{
    internal PythonTypeErrorException(string message, Exception? innerException = null)
        : this(new ConversionFailure(message), innerException)
    {
    }

    internal PythonTypeErrorException(ConversionFailure failure, Exception? innerException = null)
        : base(failure.Message, innerException) => Failure = failure;

    /// <inheritdoc/>
    public override string Message => Failure.Message;

    internal ConversionFailure Failure { get; }

    string IPythonExceptionName.PythonName => "TypeError";

    ConversionFailure IConversionFailure.Failure => Failure;
}
