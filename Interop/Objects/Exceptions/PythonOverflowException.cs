namespace PyAsync.Interop;

/// <summary>A value that does not fit; Python code sees an <c>OverflowError</c>.</summary>
public sealed class PythonOverflowException : OverflowException, IPythonExceptionName
{
    internal PythonOverflowException(string message)
        : base(message)
    {
    }

    string IPythonExceptionName.PythonName => "OverflowError";
}
