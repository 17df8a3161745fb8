using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Objects of pythonnet and of PyAsync become each other: the same Python object with a further owner, no copy.</summary>
public static class PythonNetObjects
{
    /// <summary>A further owner of the object, for PyAsync. Attaches the calling thread by itself.</summary>
    /// <param name="pyObject">The object; it stays its owner's, who may dispose it straight after.</param>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public static PyObject ToPyAsync(this ForeignObject pyObject)
    {
        ArgumentNullException.ThrowIfNull(pyObject);
        PythonNetLink link = PythonNetLink.Current;
        using AttachScope scope = PythonThread.Attach();
        return link.Connection.ToPyAsync(pyObject);
    }

    /// <summary>A further owner of the object, for pythonnet. Attaches the calling thread by itself, but whatever is done with the result needs <c>Py.GIL()</c>.</summary>
    /// <param name="pyObject">The object; it stays its owner's, who may dispose it straight after.</param>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public static ForeignObject ToPythonNet(this PyObject pyObject)
    {
        ArgumentNullException.ThrowIfNull(pyObject);
        PythonNetLink link = PythonNetLink.Current;
        using AttachScope scope = PythonThread.Attach();
        return link.Connection.ToPythonNet(pyObject.Reference);
    }
}
