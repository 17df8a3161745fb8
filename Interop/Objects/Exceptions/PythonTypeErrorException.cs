namespace PyAsync.Interop;

/// <summary>Something of the wrong type, or called the wrong way; Python code sees a <c>TypeError</c>.</summary>
public sealed class PythonTypeErrorException : InvalidCastException, IPythonExceptionName
{
    internal PythonTypeErrorException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    string IPythonExceptionName.PythonName => "TypeError";
}
