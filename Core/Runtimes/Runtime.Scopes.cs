using PyAsync.Interop;

namespace PyAsync.Runtimes;

internal sealed partial class Runtime
{
    Task IRuntime.HoldAsync<T>(
        Func<PyObject> manager, PyConverter<T> converter, Func<T, EventLoopContext, CancellationToken, Task<bool>> body, CancellationToken cancellationToken) =>
        HoldAsync(null, manager, converter, body, cancellationToken);

    internal Task HoldAsync<T>(
        EventLoopContext? context, Func<PyObject> manager, PyConverter<T> converter, Func<T, EventLoopContext, CancellationToken, Task<bool>> body, CancellationToken cancellationToken) =>
        IntoFuture(context, new HeldManager<T>(this, manager, converter, body).CreateCoroutine, PyConvert.None, cancellationToken);

    PyObject IRuntime.DisposableIntoPy(IAsyncDisposable resource, PyObject value) => DisposableIntoPy(null, resource, value);

    internal PyObject DisposableIntoPy(EventLoopContext? context, IAsyncDisposable resource, PyObject value)
    {
        // Not refused while the runtime ends: a resource that work has opened meanwhile must be disposed.
        using AttachScope scope = PythonThread.Attach();
        return new DotNetResource(this, resource).CreateManager(context, value);
    }
}
