namespace PyAsync.Interop;

/// <summary>A value contains itself, or is nested too deep to convert; Python code sees a <c>RecursionError</c>.</summary>
public sealed class PythonRecursionException : InvalidOperationException, IPythonExceptionName, IConversionFailure
{
    internal PythonRecursionException(string message)
        : base(message) => Failure = new ConversionFailure(message);

    /// <inheritdoc/>
    public override string Message => Failure.Message;

    internal ConversionFailure Failure { get; }

    string IPythonExceptionName.PythonName => "RecursionError";

    ConversionFailure IConversionFailure.Failure => Failure;
}
