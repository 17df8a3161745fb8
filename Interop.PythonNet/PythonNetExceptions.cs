using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Exceptions of pythonnet and of PyAsync become each other: the same Python exception, traceback and all.</summary>
public static class PythonNetExceptions
{
    /// <summary>
    /// The exception as PyAsync would have thrown it: a <see cref="Interop.PythonException"/>, a <see cref="PythonCanceledException"/> for
    /// <c>asyncio.CancelledError</c>, a <see cref="PythonTimeoutException"/> for <c>TimeoutError</c>, or the .NET exception itself that had become a
    /// Python one on its way. Attaches the calling thread by itself.
    /// </summary>
    /// <param name="exception">The exception, which stays as it is.</param>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public static Exception ToPyAsync(this ForeignException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _ = PythonNetLink.Current.Connection;
        using AttachScope scope = PythonThread.Attach();
        using PyObject value = ValueOf(exception);
        return ExceptionFromPython.Convert(value.Reference, CancellationToken.None);
    }

    /// <summary>The exception as pythonnet would have thrown it. Attaches the calling thread by itself.</summary>
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

    /// <summary>The Python exception that a .NET one of pythonnet's carries. Needs the GIL.</summary>
    internal static PyObject ValueOf(ForeignException exception)
    {
        // It may hold no more than a type and what to make an exception of it with.
        ForeignException copy = exception.Clone();
        copy.Normalize();
        using PyType type = copy.Type;
        using ForeignObject value = copy.Value!;
        return PythonNetLink.Current.Connection.ToPyAsync(value);
    }
}
