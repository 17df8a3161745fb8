using PyAsync.Interop;

namespace PyAsync;

/// <summary>There is no event loop to use. Python sees <c>RuntimeError: no running event loop</c>, as from asyncio itself.</summary>
public sealed class NoRunningLoopException : InvalidOperationException, IPythonExceptionName
{
    /// <summary>Creates the exception with asyncio's message.</summary>
    public NoRunningLoopException()
        : this("no running event loop")
    {
    }

    internal NoRunningLoopException(string message)
        : base(message)
    {
    }

    string IPythonExceptionName.PythonName => "RuntimeError";
}
