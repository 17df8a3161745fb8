namespace PyAsync.Interop;

/// <summary>
/// A .NET exception that carries a Python one: <see cref="PythonException"/>, <see cref="PythonCanceledException"/> or
/// <see cref="PythonTimeoutException"/>. Handed back to Python, it is the same Python exception again.
/// </summary>
public interface IPythonError
{
    /// <summary>The Python exception.</summary>
    PythonErrorInfo Error { get; }
}
