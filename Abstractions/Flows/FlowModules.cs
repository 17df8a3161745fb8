using PyAsync.Interop;

namespace PyAsync.Flows;

/// <summary>Holds the parts of the flows that are simplest in Python: run once per interpreter, private to it.</summary>
internal sealed class FlowModules
{
    private readonly Dictionary<string, PyObject> _modules = [];

    public static FlowModules Current => InterpreterState.Current.Attachment<FlowModules>();

    /// <summary>Gets a function or a class of a module. Needs the GIL. Belongs to the caller.</summary>
    public PyObject this[string module, string name]
    {
        get
        {
            if (!_modules.TryGetValue(module, out PyObject? source))
            {
                source = PyObject.ImportSource(PySource.Embedded(typeof(FlowModules).Assembly, module + ".py"), "pyasync." + module);
                _modules[module] = source;
            }

            return source.GetAttr(name);
        }
    }
}
