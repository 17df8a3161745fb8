namespace PyAsync.Interop;

/// <summary>Python code was cancelled: <c>asyncio.CancelledError</c>, or a type derived from it.</summary>
/// <remarks>
/// <see cref="OperationCanceledException.CancellationToken"/> is the caller's token when that token cancelled the
/// Python task, and no token when Python cancelled it.
/// </remarks>
public sealed class PythonCanceledException : OperationCanceledException, IPythonError
{
    internal PythonCanceledException(PythonErrorInfo error, CancellationToken token)
        : base(
            error.Message.Length > 0 ? $"The Python task was cancelled: {error.Message}" : "The Python task was cancelled.",
            error.Cause,
            token) => Error = error;

    /// <inheritdoc/>
    public PythonErrorInfo Error { get; }

    /// <summary>Gets Python's type and message, Python's traceback, with causes and groups, and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => Error.Describe(this, StackTrace);
}
