namespace PyAsync.Interop;

/// <summary>
/// A .NET exception that carries a Python one: <see cref="PythonException"/>, <see cref="PythonCanceledException"/> or
/// <see cref="PythonTimeoutException"/>. Raised in Python again, it is the same Python exception.
/// </summary>
public interface IPythonError
{
    /// <summary>Gets the Python exception.</summary>
    PythonErrorInfo Error { get; }
}
