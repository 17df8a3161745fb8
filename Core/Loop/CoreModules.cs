using PyAsync.Interop;

namespace PyAsync;

/// <summary>The few pieces of the bridge that are best said in Python: run once per interpreter, private to it.</summary>
internal sealed class CoreModules
{
    private readonly Dictionary<string, PyObject> _modules = [];
    private readonly Dictionary<(string Module, string Function), PyObject> _functions = [];

    public static CoreModules Current => PythonInterpreter.Current.Attachment<CoreModules>();

    public BorrowedReference LoopWatch(string function) => Function("loop_watch", function);

    public BorrowedReference LoopRun(string function) => Function("loop_run", function);

    public BorrowedReference Signals(string function) => Function("signals", function);

    public BorrowedReference Streams(string function) => Function("streams", function);

    /// <summary>Needs the GIL.</summary>
    private BorrowedReference Function(string module, string function)
    {
        if (!_functions.TryGetValue((module, function), out PyObject? found))
        {
            if (!_modules.TryGetValue(module, out PyObject? source))
            {
                source = PyObject.ImportSource(PySource.Embedded(typeof(CoreModules).Assembly, module + ".py"), "pyasync." + module);
                _modules[module] = source;
            }

            found = source.GetAttr(function);
            _functions[(module, function)] = found;
        }

        return found.Reference;
    }
}
