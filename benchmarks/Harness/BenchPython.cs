using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>The functions of bench.py, each looked up once.</summary>
internal sealed class BenchPython
{
    private readonly PyObject _module = PyObject.Import("bench");
    private readonly Dictionary<string, PyObject> _functions = [];

    public PyObject this[string name]
    {
        get
        {
            if (!_functions.TryGetValue(name, out PyObject? function))
            {
                function = _module.GetAttr(name);
                _functions.Add(name, function);
            }

            return function;
        }
    }
}
