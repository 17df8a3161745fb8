using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Holds the parts of the bridge that are simplest in Python: run once per interpreter, private to it.</summary>
internal sealed class CoreModules
{
    private readonly Dictionary<string, PyObject> _modules = [];
    private readonly Dictionary<(string Module, string Function), PyObject> _functions = [];

    private PyObject? _consume;
    private PyObject? _nothing;
    private PyObject? _runInContexts;

    public static CoreModules Current => InterpreterState.Current.Attachment<CoreModules>();

    /// <summary>Gets the function that a loop calls with a <c>pyasync.Drain</c>.</summary>
    public BorrowedReference Consume => Kept(ref _consume, "consume");

    /// <summary>Gets the value that a drain returns if no callback is left to be called.</summary>
    public BorrowedReference Nothing => Kept(ref _nothing, "nothing");

    /// <summary>Gets the function whose iterator makes each call that it is given.</summary>
    public BorrowedReference RunInContexts => Kept(ref _runInContexts, "run_in_contexts");

    public BorrowedReference LoopWatch(string function) => Function("loop_watch", function);

    public BorrowedReference LoopRun(string function) => Function("loop_run", function);

    public BorrowedReference Scopes(string function) => Function("scopes", function);

    public BorrowedReference Signals(string function) => Function("signals", function);

    public BorrowedReference Streams(string function) => Function("streams", function);

    // For functions that each drain uses.
    private BorrowedReference Kept(ref PyObject? kept, string name) => (kept ??= PyObject.FromBorrowed(LoopRun(name))).Reference;

    /// <summary>Gets a function of a module. Needs the GIL.</summary>
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
