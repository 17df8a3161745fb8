using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>A runtime whose calls use a given context (<see cref="IRuntime.In"/>).</summary>
internal sealed class RuntimeInContext(Runtime runtime, EventLoopContext context) : IRuntime
{
    public string Name => runtime.Name;

    /// <summary>Gets the runtime that it came from.</summary>
    internal Runtime Owner => runtime;

    public Task StartAsync(CancellationToken cancellationToken = default) => throw BelongsToOwner(nameof(StartAsync));

    public T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main) => throw BelongsToOwner(nameof(RunUntilComplete));

    public void RunForever(CancellationToken cancellationToken = default) => throw BelongsToOwner(nameof(RunForever));

    public EventLoop GetCurrentLoop() => runtime.Choice.GetCurrentLoop(context);

    public EventLoopContext CaptureContext() => runtime.Choice.CaptureContext(context);

    public IRuntime In(EventLoopContext context) => runtime.In(context);

    public Task<T> Spawn<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) =>
        runtime.Spawn(context, work, cancellationToken);

    public Task<T> SpawnBlocking<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken = default) =>
        runtime.SpawnBlocking(context, work, cancellationToken);

    public Task<T> SpawnPinned<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) =>
        runtime.SpawnPinned(context, work, cancellationToken);

    public Task<T> IntoFuture<T>(Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        runtime.IntoFuture(context, awaitable, converter, cancellationToken);

    public Task<T> IntoFuture<T>(PyObject awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        runtime.IntoFuture(context, awaitable, converter, cancellationToken);

    public Task<T> CallAsync<T>(PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        runtime.CallAsync(context, function, arguments, converter, cancellationToken);

    public Task<T> InvokeAsync<T>(Func<T> onLoop, CancellationToken cancellationToken = default) => runtime.InvokeAsync(context, onLoop, cancellationToken);

    public PyObject FutureIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait) =>
        runtime.FutureIntoPy(context, work, converter, cancel);

    public PyObject FutureIntoPy<T>(ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon) =>
        runtime.FutureIntoPy(context, started, converter, cancel);

    PyObject IRuntime.StartedIntoPy(Task started, CancelBehavior cancel) => runtime.StartedIntoPy(context, started, cancel);

    Task IRuntime.HoldAsync<T>(
        Func<PyObject> manager, PyConverter<T> converter, Func<T, EventLoopContext, CancellationToken, Task<bool>> body, CancellationToken cancellationToken) =>
        runtime.HoldAsync(context, manager, converter, body, cancellationToken);

    PyObject IRuntime.DisposableIntoPy(IAsyncDisposable resource, PyObject value) => runtime.DisposableIntoPy(context, resource, value);

    public IAsyncEnumerable<T> IntoAsyncEnumerable<T>(Func<PyObject> source, PyConverter<T> converter, int buffer = 128) =>
        runtime.IntoAsyncEnumerable(context, source, converter, buffer);

    public PyObject AsyncEnumerableIntoPy<T>(IAsyncEnumerable<T> source, PyConverter<T> converter, int buffer = 128) =>
        runtime.AsyncEnumerableIntoPy(context, source, converter, buffer);

    public void Dispose()
    {
        // The runtime belongs to the code that created it.
    }

    public ValueTask DisposeAsync() => default;

    private static InvalidOperationException BelongsToOwner(string member) =>
        new($"This runtime was given a context by In(…), and shares the loop of the runtime that it came from: call {member} on that one.");
}
