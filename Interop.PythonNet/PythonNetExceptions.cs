using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Converts exceptions between pythonnet and PyAsync: the Python exception and its traceback stay the same.</summary>
public static class PythonNetExceptions
{
    /// <summary>
    /// Converts the exception to the one that PyAsync would have thrown: a <see cref="Interop.PythonException"/>, a
    /// <see cref="PythonCanceledException"/> for <c>asyncio.CancelledError</c>, a <see cref="PythonTimeoutException"/> for <c>TimeoutError</c>, or the
    /// original .NET exception that had become a Python one. Attaches the calling thread automatically.
    /// </summary>
    /// <param name="exception">The exception, which stays unchanged.</param>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public static Exception ToPyAsync(this ForeignException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _ = PythonNetLink.Current.Connection;
        using AttachScope scope = PythonThread.Attach();
        using PyObject value = ValueOf(exception);
        return ExceptionFromPython.Convert(value.Reference, CancellationToken.None);
    }

    /// <summary>Converts the exception to the one that pythonnet would have thrown. Attaches the calling thread automatically.</summary>
    /// <typeparam name="T">
    /// <see cref="Interop.PythonException"/>, <see cref="PythonCanceledException"/> or <see cref="PythonTimeoutException"/>.
    /// </typeparam>
    /// <param name="exception">The exception, which becomes the new one's inner exception.</param>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The exception owns them.")]
    public static ForeignException ToPythonNet<T>(this T exception)
        where T : Exception, IPythonError
    {
        ArgumentNullException.ThrowIfNull(exception);
        Connection connection = PythonNetLink.Current.Connection;
        using AttachScope scope = PythonThread.Attach();
        ForeignObject value = connection.ToPythonNet(exception.Error.Value.Reference);
        ForeignObject traceback = value.GetAttr("__traceback__");
        return new ForeignException(value.GetPythonType(), value, traceback.IsNone() ? null : traceback, exception.Error.Message, exception);
    }

    /// <summary>Gets the Python exception that a pythonnet exception carries. Needs the GIL.</summary>
    internal static PyObject ValueOf(ForeignException exception)
    {
        // It may hold only a type and arguments for creating the exception.
        ForeignException copy = exception.Clone();
        copy.Normalize();
        using PyType type = copy.Type;
        using ForeignObject value = copy.Value!;
        return PythonNetLink.Current.Connection.ToPyAsync(value);
    }
}
