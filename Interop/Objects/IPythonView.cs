using PyAsync.Interop;

namespace PyAsync.Objects;

/// <summary>A C# object that represents a Python object.</summary>
internal interface IPythonView
{
    /// <summary>Gets the Python object. Belongs to the view.</summary>
    PyObject Object { get; }

    /// <summary>Gets the name of the view's type, for messages.</summary>
    string Name => GetType().ToString();

    /// <summary>Gets the Python object, for a call into CPython that starts now.</summary>
    /// <exception cref="ObjectDisposedException">The view is disposed.</exception>
    BorrowedReference Reference => Object.IsDisposed ? throw new ObjectDisposedException(Name) : Object.Reference;
}
