using PyAsync.Interop;

namespace PyAsync;

internal sealed partial class Runtime
{
    public Task<T> IntoFuture<T>(EventLoopContext? context, Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        ArgumentNullException.ThrowIfNull(converter);
        ThrowIfEnding();
        return ct.IsCancellationRequested
            ? Task.FromCanceled<T>(ct)
            : AwaitableToTask<T>.Post(Resolve(context), awaitable, converter, ct);
    }

    public Task<T> IntoFuture<T>(EventLoopContext? context, PyObject awaitable, PyConverter<T> converter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        ArgumentNullException.ThrowIfNull(converter);
        ThrowIfEnding();

        // Posted even when cancelled: the coroutine has to be closed where it is safe.
        return AwaitableToTask<T>.Post(Resolve(context), AwaitableSource.Given(awaitable), converter, ct);
    }

    public Task<T> Call<T>(EventLoopContext? context, PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(converter);
        ThrowIfEnding();
        return ct.IsCancellationRequested
            ? Task.FromCanceled<T>(ct)
            : AwaitableToTask<T>.Post(Resolve(context), AwaitableSource.Call(function, arguments), converter, ct);
    }

    public Task<T> InvokeAsync<T>(EventLoopContext? context, Func<T> onLoop, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(onLoop);
        ThrowIfEnding();
        return ct.IsCancellationRequested
            ? Task.FromCanceled<T>(ct)
            : new InvokeRequest<T>(onLoop, ContextCapture.WithCallers(Resolve(context)), ct).Post();
    }
}
