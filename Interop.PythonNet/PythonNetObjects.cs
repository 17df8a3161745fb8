using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Converts objects between pythonnet and PyAsync: a further owner of the same Python object, no copy.</summary>
public static class PythonNetObjects
{
    /// <summary>Creates a further owner of the object, for PyAsync. Attaches the calling thread automatically.</summary>
    /// <param name="pyObject">The object; it still belongs to its owner, who may dispose it directly afterwards.</param>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public static PyObject ToPyAsync(this ForeignObject pyObject)
    {
        ArgumentNullException.ThrowIfNull(pyObject);
        PythonNetLink link = PythonNetLink.Current;
        using AttachScope scope = PythonThread.Attach();
        return link.Connection.ToPyAsync(pyObject);
    }

    /// <summary>
    /// Creates a further owner of the object, for pythonnet. Attaches the calling thread automatically, but every use of the result needs <c>Py.GIL()</c>.
    /// </summary>
    /// <param name="pyObject">The object; it still belongs to its owner, who may dispose it directly afterwards.</param>
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
