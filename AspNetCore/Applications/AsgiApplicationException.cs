using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// An ASGI application cannot be imported, fails in its startup, or has the path of another endpoint. If the exception ends the program, the program prints the message, without a stack trace, and has the exit
/// code <see cref="PyAsyncApp.InvalidSettings"/>.
/// </summary>
/// <remarks>The message names the application and the error; for an exception of the application's module also its traceback, and the Python that runs it.</remarks>
public sealed class AsgiApplicationException : InvalidOperationException, ISettingsError
{
    internal AsgiApplicationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Makes the exception of an application that was not found, or whose import failed.</summary>
    internal static AsgiApplicationException FromImport(string name, PythonException e)
    {
        string message = $"The ASGI application {name} cannot be started: {e.Error.Message}";
        return e.Error.Cause is IPythonError { Error: var cause } and Exception exception
            ? new AsgiApplicationException($"{message}: {exception.Message.TrimEnd()}\n{cause.Traceback.TrimEnd()}", exception)
            : new AsgiApplicationException(message);
    }

    /// <summary>Returns the type and the message. The stack has only the start of the host.</summary>
    public override string ToString() => $"{GetType()}: {Message}";
}
