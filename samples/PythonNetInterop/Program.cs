using PyAsync;
using Python.Runtime;
using PythonNetInterop;

// A program that uses pythonnet, and now awaits: the main thread runs Python's event loop, the lambda runs on the backend.
return PyAsyncApp.Run(async (runtime, cancellationToken) =>
{
    // Makes pythonnet join the Python that PyAsync has started, and convert Tasks and coroutines. Called once.
    PyAsyncCodecs.Register(runtime);

    // Python awaits C#: an ordinary object, which pythonnet passes to a script.
    Console.WriteLine(await runtime.IntoFuture<string>(() => Script("report", new Weather()), cancellationToken));

    // C# awaits Python. The coroutine is created with the GIL held, as pythonnet requires.
    Task<double> mean;
    using (Py.GIL())
    {
        dynamic script = Load();
        mean = runtime.IntoFuture<double>((PyObject)script.mean(new double[] { 1, 2, 6 }), cancellationToken);
    }

    Console.WriteLine($"mean: {await mean}");
}, args);

static PyObject Script(string function, object argument)
{
    using PyModule script = Load();
    return script.InvokeMethod(function, argument.ToPython());
}

static PyModule Load() => PyModule.FromString("weather", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "weather.py")));
