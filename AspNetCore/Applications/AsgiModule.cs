using PyAsync.Interop;

namespace PyAsync.Applications;

/// <summary>Holds the functions and classes of <c>asgi.py</c>, run once per interpreter.</summary>
internal sealed class AsgiModule
{
    private readonly PyObject _module = PyObject.ImportSource(PySource.Embedded(typeof(AsgiModule).Assembly, "asgi.py"), "pyasync.asgi");

    public AsgiModule()
    {
        ClientDisconnected = _module.GetAttr("ClientDisconnected");
        using PyObject web = PyObject.ImportSource(PySource.Embedded(typeof(AsgiModule).Assembly, "web.py"), "pyasync.web");
        ServiceClass = web.GetAttr("Service");

        // Applications import it.
        using PyObject pyasync = PyObject.Import("pyasync");
        pyasync.SetAttr("web", web);
        using NewReference name = PyText.FromString("pyasync.web");
        PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(CPython.PyImport_GetModuleDict(), name.Borrow(), web.Reference));
    }

    public static AsgiModule Current => InterpreterState.Current.Attachment<AsgiModule>();

    /// <summary>Gets the exception type of <c>send()</c> for a client that has left.</summary>
    public PyObject ClientDisconnected { get; }

    /// <summary>Gets the class of C# services.</summary>
    public PyObject ServiceClass { get; }

    /// <summary>Gets a tuple of the exception types that tell that a client has left. The caller disposes it.</summary>
    public PyObject FindDisconnects()
    {
        using PyObject find = _module.GetAttr("find_disconnects");
        return find.Call([]);
    }

    /// <summary>Gets a function or a class. The caller disposes it.</summary>
    public PyObject Get(string name) => _module.GetAttr(name);
}
