using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Scopes of <see cref="IRuntime"/>: .NET code inside a Python <c>async with</c>, and groups of work on both sides that end together. They work under
/// trimming and NativeAOT.
/// </summary>
public static partial class ScopeExtensions
{
    /// <summary>
    /// Runs .NET code inside a Python context manager, as <c>async with manager as value:</c> does. Entering, waiting for the code and exiting happen in one
    /// Python task and one context.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="manager">
    /// Makes the context manager, asynchronous or synchronous, or a coroutine that returns one. Runs in the Python task that enters it, on the loop's thread; must not block.
    /// </param>
    /// <param name="converter">Converts the value that entering gives, on the loop's thread.</param>
    /// <param name="body">
    /// The code, which runs on the backend. Its calls see the context variables that <c>__aenter__</c> has set. Its token fires when the Python task that
    /// holds the manager is cancelled: by <paramref name="cancellationToken"/>, by <c>asyncio.timeout</c> or a cancel scope that the manager is or has, or
    /// by the end of the runtime. The manager is exited when the code has ended. A value that is a <see cref="PyObject"/> or a buffer is disposed with the end of the code:
    /// <see cref="PyObject.Clone"/> keeps an object longer.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancels the Python task, as <c>task.cancel()</c>: while it enters or exits, what it awaits there; in between the code's token fires. The returned Task
    /// ends when the manager has been exited.
    /// </param>
    /// <returns>
    /// The code's result; the default if the manager swallowed the code's exception. Fails with the exception of entering or exiting, or with
    /// the code's exception, which <c>__aexit__</c> receives and may swallow or replace.
    /// </returns>
    /// <remarks>From any thread, without the GIL.</remarks>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static Task<TResult?> UsingAsync<TValue, TResult>(
        this IRuntime runtime,
        Func<PyObject> manager,
        PyConverter<TValue> converter,
        Func<TValue, CancellationToken, Task<TResult>> body,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentNullException.ThrowIfNull(body);
        TResult? result = default;
        Task held = runtime.HoldAsync(manager, converter, RunAsync, cancellationToken);
        return ResultAsync();

        async Task<bool> RunAsync(TValue value, EventLoopContext context, CancellationToken token)
        {
            result = await (body(value, token) ?? throw NoTask()).ConfigureAwait(false);
            return true;
        }

        async Task<TResult?> ResultAsync()
        {
            await held.ConfigureAwait(false);
            return result;
        }
    }

    /// <inheritdoc cref="UsingAsync{TValue, TResult}(IRuntime, Func{PyObject}, PyConverter{TValue}, Func{TValue, CancellationToken, Task{TResult}}, CancellationToken)"/>
    /// <returns>
    /// A Task that ends when the manager has been exited. Fails with the exception of entering or exiting, or with the code's exception, which
    /// <c>__aexit__</c> receives and may swallow or replace.
    /// </returns>
    public static Task UsingAsync<TValue>(
        this IRuntime runtime,
        Func<PyObject> manager,
        PyConverter<TValue> converter,
        Func<TValue, CancellationToken, Task> body,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentNullException.ThrowIfNull(body);
        return runtime.HoldAsync(manager, converter, RunAsync, cancellationToken);

        async Task<bool> RunAsync(TValue value, EventLoopContext context, CancellationToken token)
        {
            await (body(value, token) ?? throw NoTask()).ConfigureAwait(false);
            return true;
        }
    }

    /// <inheritdoc cref="UsingAsync{TValue, TResult}(IRuntime, Func{PyObject}, PyConverter{TValue}, Func{TValue, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public static Task<TResult?> UsingAsync<TResult>(
        this IRuntime runtime, Func<PyObject> manager, Func<PyObject, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default) =>
        runtime.UsingAsync(manager, PyConvert.PyObject, body, cancellationToken);

    /// <inheritdoc cref="UsingAsync{TValue}(IRuntime, Func{PyObject}, PyConverter{TValue}, Func{TValue, CancellationToken, Task}, CancellationToken)"/>
    public static Task UsingAsync(
        this IRuntime runtime, Func<PyObject> manager, Func<PyObject, CancellationToken, Task> body, CancellationToken cancellationToken = default) =>
        runtime.UsingAsync(manager, PyConvert.PyObject, body, cancellationToken);

    private static InvalidOperationException NoTask() => new("The code of a scope returned null; it must return a Task.");
}
