using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>PyAsync on one backend: a runtime with its loop, and the measurements of its .NET side.</summary>
internal sealed class Subject(BackendCase backend, IRuntime runtime) : IAsyncDisposable
{
    public string Name { get; } = $"PyAsync, {backend.Name}";

    public string Backend { get; } = backend.Name;

    public bool IsOnLoop { get; } = backend.RunsOnLoop;

    public IRuntime Runtime { get; } = runtime;

    public PythonEventLoop Loop => (PythonEventLoop)Runtime.GetCurrentLoop();

    public static async Task<Subject> Start(BackendCase backend, EventLoopFactory loop)
    {
        IRuntime runtime = PyAsyncRuntime.Create(backend.Create(), eventLoop: loop);
        await runtime.StartAsync();
        return new Subject(backend, runtime);
    }

    /// <summary>Makes a Python function that returns the awaitable of a completed C# Task.</summary>
    public PyObject Completed()
    {
        Task<int> completed = Task.FromResult(1);
        return Runtime.InlineFunctionIntoPy("completed", _ => new ValueTask<int>(completed), PyConvert.Int32);
    }

    /// <summary>Makes a Python function whose work runs on the backend.</summary>
    public PyObject OnBackend() => Runtime.FunctionIntoPy("work", static _ => Task.FromResult(1));

    /// <summary>Awaits a number of calls of a function at once. Microseconds per item.</summary>
    public Task<double> AtOnce(PyObject function, int count) =>
        Runtime.Spawn(async _ =>
        {
            var calls = new Task<int>[count];
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                calls[i] = Runtime.CallAsync(function, default, PyConvert.Int32);
            }

            await Task.WhenAll(calls);
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>Awaits a number of calls of a function one after another. Microseconds per item.</summary>
    public Task<double> OneByOne(PyObject function, int count) =>
        Runtime.Spawn(async _ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                await Runtime.CallAsync(function, default, PyConvert.Int32);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>Runs a measurement in Python code on the loop. Microseconds per item.</summary>
    public async Task<double> OnLoop(PyObject measurement, CallArguments arguments, int count) =>
        await Runtime.CallAsync(measurement, arguments, PyConvert.Int64) / 1_000.0 / count;

    /// <summary>Runs a measurement in Python code on another thread than the loop's; its first argument is the loop. Microseconds per item.</summary>
    public async Task<double> OffLoop(PyObject measurement, PyObject function, int count)
    {
        using PyObject loop = Runtime.GetCurrentLoop().GetPythonLoop();
        return await Runtime.SpawnBlocking(_ => measurement.Call([loop, function, count], PyConvert.Int64) / 1_000.0 / count);
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
