using PyAsync.Interop;

namespace PyAsync.Applications;

/// <summary>Holds the functions and classes of <c>asgi.py</c>, run once per interpreter.</summary>
internal sealed class AsgiModule
{
    private readonly PyObject _module = Import("asgi");
    private readonly PyObject _loading = Import("loading");

    public AsgiModule()
    {
        ClientDisconnected = _module.GetAttr("ClientDisconnected");
        using PyObject web = Import("web");
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

    /// <summary>Gets a tuple of the exception types that report that a client has left. The caller disposes it.</summary>
    public PyObject FindDisconnects()
    {
        using PyObject find = _module.GetAttr("find_disconnects");
        return find.Call([]);
    }

    /// <summary>Imports an application.</summary>
    /// <param name="specification">Its module and attribute, such as <c>main:app</c>.</param>
    /// <param name="folder">The folder that Python searches first.</param>
    /// <param name="isFactory">True if the attribute is a function that returns the application.</param>
    /// <exception cref="AsgiApplicationException">There is no such application, or its import failed.</exception>
    public PyObject Load(string specification, string folder, bool isFactory)
    {
        try
        {
            return _loading.CallMethod("load", [specification, folder, isFactory]);
        }
        catch (PythonException e)
        {
            throw AsgiApplicationException.FromImport($"\"{specification}\"", e);
        }
    }

    /// <summary>Gets a function or a class. The caller disposes it.</summary>
    public PyObject Get(string name) => _module.GetAttr(name);

    private static PyObject Import(string name) => PyObject.ImportSource(PySource.Embedded(typeof(AsgiModule).Assembly, name + ".py"), "pyasync." + name);
}
