using PyAsync.Interop;

namespace PyAsync;

/// <summary>The few pieces of the bridge that are best said in Python: run once per interpreter, private to it.</summary>
internal sealed class CoreModules
{
    private readonly Dictionary<string, PyObject> _modules = [];
    private readonly Dictionary<(string Module, string Function), PyObject> _functions = [];

    private PyObject? _consume;
    private PyObject? _nothing;
    private PyObject? _runInContexts;

    public static CoreModules Current => PythonInterpreter.Current.Attachment<CoreModules>();

    /// <summary>What a loop calls with a <c>pyasync.Drain</c>.</summary>
    public BorrowedReference Consume => Kept(ref _consume, "consume");

    /// <summary>What a drain gives if nothing is left to be called.</summary>
    public BorrowedReference Nothing => Kept(ref _nothing, "nothing");

    /// <summary>What makes, when it is consumed, each call that it is given.</summary>
    public BorrowedReference RunInContexts => Kept(ref _runInContexts, "run_in_contexts");

    public BorrowedReference LoopWatch(string function) => Function("loop_watch", function);

    public BorrowedReference LoopRun(string function) => Function("loop_run", function);

    public BorrowedReference Interrupted(string function) => Function("interrupted", function);

    public BorrowedReference Signals(string function) => Function("signals", function);

    public BorrowedReference Streams(string function) => Function("streams", function);

    // For what is asked for at each drain.
    private BorrowedReference Kept(ref PyObject? kept, string name) => (kept ??= PyObject.FromBorrowed(LoopRun(name))).Reference;

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
