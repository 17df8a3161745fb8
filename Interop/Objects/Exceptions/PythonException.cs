namespace PyAsync.Interop;

/// <summary>An exception that Python code raised.</summary>
/// <remarks>
/// <c>asyncio.CancelledError</c> arrives as <see cref="PythonCanceledException"/> and <c>TimeoutError</c> as
/// <see cref="PythonTimeoutException"/>, so that code which catches .NET's own types catches them. An exception that
/// came from .NET in the first place arrives as itself.
/// </remarks>
public sealed class PythonException : Exception, IPythonError
{
    internal PythonException(PythonErrorInfo error)
        : base($"{error.TypeName.Replace("builtins.", "", StringComparison.Ordinal)}: {error.Message}", error.Cause) => Error = error;

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

    /// <summary>The message, Python's traceback and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => Error.Describe(this, StackTrace);
}
