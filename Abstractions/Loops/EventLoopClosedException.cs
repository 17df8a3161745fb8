using PyAsync.Interop;

namespace PyAsync;

/// <summary>The event loop is closed: it accepts no requests, and unfinished requests fail with this exception. Python sees a <c>RuntimeError</c>.</summary>
public sealed class EventLoopClosedException : InvalidOperationException, IPythonExceptionName
{
    /// <summary>Creates the exception with the standard message.</summary>
    public EventLoopClosedException()
        : this("The event loop is closed. A call after its end needs another loop: start a runtime, or call from code that a running loop runs.")
    {
    }

    internal EventLoopClosedException(string message)
        : base(message)
    {
    }

    string IPythonExceptionName.PythonName => "RuntimeError";
}
