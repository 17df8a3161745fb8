using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>PyAsync on one backend: a runtime with its loop, and how .NET's side of it is measured.</summary>
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

    /// <summary>A Python function that gives the awaitable of a C# Task which is completed.</summary>
    public PyObject Completed()
    {
        Task<int> completed = Task.FromResult(1);
        return Runtime.InlineFunctionIntoPy("completed", _ => new ValueTask<int>(completed), PyConvert.Int32);
    }

    /// <summary>A Python function whose work is done on the backend.</summary>
    public PyObject OnBackend() => Runtime.FunctionIntoPy("work", static _ => Task.FromResult(1));

    /// <summary>Awaits so many calls of a function at once. Microseconds per item.</summary>
    public Task<double> AtOnce(PyObject function, int count) =>
        Runtime.Spawn(async _ =>
        {
            var calls = new Task<int>[count];
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                calls[i] = Runtime.Call(function, default, PyConvert.Int32);
            }

            await Task.WhenAll(calls);
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>Awaits so many calls of a function one after another. Microseconds per item.</summary>
    public Task<double> OneByOne(PyObject function, int count) =>
        Runtime.Spawn(async _ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                await Runtime.Call(function, default, PyConvert.Int32);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>A measurement that Python makes itself on the loop. Microseconds per item.</summary>
    public async Task<double> OnLoop(PyObject measurement, CallArguments arguments, int count) =>
        await Runtime.Call(measurement, arguments, PyConvert.Int64) / 1_000.0 / count;

    /// <summary>A measurement that Python makes itself on a thread that is not the loop's; takes the loop first. Microseconds per item.</summary>
    public async Task<double> OffLoop(PyObject measurement, PyObject function, int count)
    {
        using PyObject loop = Runtime.GetCurrentLoop().PythonLoop;
        return await Runtime.SpawnBlocking(_ => measurement.Call([loop, function, count], PyConvert.Int64) / 1_000.0 / count);
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
