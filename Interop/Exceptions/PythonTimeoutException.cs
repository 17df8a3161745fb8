namespace PyAsync.Interop;

/// <summary>Python code timed out: <c>TimeoutError</c> (<c>asyncio.TimeoutError</c> too), or a type derived from it.</summary>
public sealed class PythonTimeoutException : TimeoutException, IPythonError
{
    internal PythonTimeoutException(PythonErrorInfo error)
        : base(error.Message.Length > 0 ? error.Message : "The Python operation timed out.", error.Cause) => Error = error;

    /// <inheritdoc/>
    public PythonErrorInfo Error { get; }

    /// <summary>Gets Python's type and message, Python's traceback, with causes and groups, and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => Error.Describe(this, StackTrace);
}
