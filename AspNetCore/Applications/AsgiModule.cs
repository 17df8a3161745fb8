using PyAsync.Interop;

namespace PyAsync.Applications;

/// <summary>Holds the functions and classes of <c>asgi.py</c>, run once per interpreter.</summary>
internal sealed class AsgiModule
{
    private readonly PyObject _module = PyObject.ImportSource(PySource.Embedded(typeof(AsgiModule).Assembly, "asgi.py"), "pyasync.asgi");

    public AsgiModule() => ClientDisconnected = _module.GetAttr("ClientDisconnected");

    public static AsgiModule Current => InterpreterState.Current.Attachment<AsgiModule>();

    /// <summary>Gets the exception type of <c>send()</c> for a client that has left.</summary>
    public PyObject ClientDisconnected { get; }

    /// <summary>Gets a function or a class. The caller disposes it.</summary>
    public PyObject Get(string name) => _module.GetAttr(name);
}
