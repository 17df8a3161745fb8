namespace PyAsync.Interop;

/// <summary>Python code ran out of time: <c>TimeoutError</c> (<c>asyncio.TimeoutError</c> too), or a type derived from it.</summary>
public sealed class PythonTimeoutException : TimeoutException, IPythonError
{
    internal PythonTimeoutException(PythonErrorInfo error)
        : base(error.Message.Length > 0 ? error.Message : "The Python operation timed out.", error.Cause) => Error = error;

    /// <inheritdoc/>
    public PythonErrorInfo Error { get; }

    /// <summary>The message, Python's traceback and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => Error.Describe(this, StackTrace);
}
