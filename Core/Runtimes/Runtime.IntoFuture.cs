using PyAsync.Interop;

namespace PyAsync.Runtimes;

internal sealed partial class Runtime
{
    public Task<T> IntoFuture<T>(Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        IntoFuture(null, awaitable, converter, cancellationToken);

    public Task<T> IntoFuture<T>(PyObject awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        IntoFuture(null, awaitable, converter, cancellationToken);

    public Task<T> CallAsync<T>(PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken cancellationToken = default) =>
        CallAsync(null, function, arguments, converter, cancellationToken);

    public Task<T> InvokeAsync<T>(Func<T> onLoop, CancellationToken cancellationToken = default) => InvokeAsync(null, onLoop, cancellationToken);

    public Task<T> IntoFuture<T>(EventLoopContext? context, Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        ArgumentNullException.ThrowIfNull(converter);
        _phase.ThrowIfEnding();
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : AwaitableToTask<T>.Post(Choice.Resolve(context), AwaitableSource.Of(awaitable), converter, cancellationToken);
    }

    internal Task<T> IntoFuture<T>(EventLoopContext? context, PyObject awaitable, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        ArgumentNullException.ThrowIfNull(converter);
        _phase.ThrowIfEnding();

        // Posted even when cancelled: the coroutine must be closed on the loop's thread.
        return AwaitableToTask<T>.Post(Choice.Resolve(context), AwaitableSource.Of(awaitable), converter, cancellationToken);
    }

    internal Task<T> CallAsync<T>(EventLoopContext? context, PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(converter);
        _phase.ThrowIfEnding();
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : AwaitableToTask<T>.Post(Choice.Resolve(context), AwaitableSource.Of(function, arguments), converter, cancellationToken);
    }

    internal Task<T> InvokeAsync<T>(EventLoopContext? context, Func<T> onLoop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onLoop);
        _phase.ThrowIfEnding();
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : new InvokeRequest<T>(onLoop, ContextCapture.WithCallers(Choice.Resolve(context)), cancellationToken).Post();
    }
}
