namespace PyAsync.Interop;

/// <summary>An exception that Python code raised.</summary>
/// <remarks>
/// <c>asyncio.CancelledError</c> arrives as <see cref="PythonCanceledException"/> and <c>TimeoutError</c> as <see cref="PythonTimeoutException"/>, so
/// that code which catches .NET's own types catches them. A .NET exception that went through Python arrives as the same object.
/// </remarks>
public sealed class PythonException : Exception, IPythonError
{
    internal PythonException(PythonErrorInfo error)
        : base(error.Headline, error.Cause) => Error = error;

    /// <inheritdoc/>
    public PythonErrorInfo Error { get; }

    /// <inheritdoc cref="PythonErrorInfo.TypeName"/>
    public string TypeName => Error.TypeName;

    /// <inheritdoc cref="PythonErrorInfo.Traceback"/>
    public string Traceback => Error.Traceback;

    /// <inheritdoc cref="PythonErrorInfo.Value"/>
    public PyObject Value => Error.Value;

    /// <inheritdoc cref="PythonErrorInfo.Children"/>
    public IReadOnlyList<Exception> InnerExceptions => Error.Children;

    /// <inheritdoc cref="PythonErrorInfo.IsInstanceOf"/>
    public bool IsInstanceOf(string typeName) => Error.IsInstanceOf(typeName);

    /// <summary>Gets Python's type and message, Python's traceback, with causes and groups, and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => Error.Describe(this, StackTrace);
}
