using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

public partial interface IRuntime
{
    /// <summary>
    /// Awaits a Python awaitable that <paramref name="awaitable"/> makes on the loop's thread. The preferred form: nothing of
    /// Python's is touched on the calling thread.
    /// </summary>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="awaitable">Makes the coroutine, future or object with <c>__await__</c>. Runs on the loop's thread; must not block.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="ct">
    /// Cancels the Python task, as <c>task.cancel()</c>. The returned Task ends when the Python task has, its clean-up included, and
    /// gives its result if it swallowed the cancellation. Before the start: the factory is not even called.
    /// </param>
    /// <returns>
    /// The awaitable's outcome. Fails with <see cref="PythonException"/>, <see cref="PythonCanceledException"/> or
    /// <see cref="PythonTimeoutException"/>, with a .NET exception that Python code passed on, or with
    /// <see cref="PythonTypeErrorException"/> if it was no awaitable.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    Task<T> IntoFuture<T>(EventLoopContext? context, Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken ct = default);

    /// <summary>Awaits a Python awaitable: a coroutine, a Task or Future, any object with <c>__await__</c>.</summary>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="awaitable">Borrowed: it may be disposed right after the call.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="ct">As for the other form. A coroutine that was never started is closed, without a warning.</param>
    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)" path="/returns|/exception"/>
    Task<T> IntoFuture<T>(EventLoopContext? context, PyObject awaitable, PyConverter<T> converter, CancellationToken ct = default);

    /// <summary>Calls a Python function on the loop's thread and, if what it returns is awaitable, awaits that.</summary>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="function">Anything callable. Borrowed, as are Python objects among the arguments.</param>
    /// <param name="arguments">Converted on the loop's thread, when the call is made.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="ct">As for <c>IntoFuture</c>. Before the start: the function is not called.</param>
    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)" path="/returns|/exception"/>
    Task<T> Call<T>(EventLoopContext? context, PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken ct = default);

    /// <summary>Runs synchronous code on the loop's thread, with the GIL held: for short work with Python objects.</summary>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="onLoop">Must not block: the loop stands still while it runs.</param>
    /// <param name="ct">Before the start: the code does not run. Later it has no effect.</param>
    /// <returns>Completed on the backend or the pool, never on the loop's thread; fails with what the code throws.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    Task<T> InvokeAsync<T>(EventLoopContext? context, Func<T> onLoop, CancellationToken ct = default);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    Task<T> IntoFuture<T>(Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, converter, ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)"/>
    Task<T> IntoFuture<T>(PyObject awaitable, PyConverter<T> converter, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, converter, ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> IntoFuture<T>(Func<PyObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> IntoFuture<T>(PyObject awaitable, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> IntoFuture<T>(EventLoopContext context, Func<PyObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(context, awaitable, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> IntoFuture<T>(EventLoopContext context, PyObject awaitable, CancellationToken ct = default) =>
        IntoFuture(context, awaitable, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> IntoFuture(Func<PyObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, PyConvert.PyObject, ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> IntoFuture(PyObject awaitable, CancellationToken ct = default) =>
        IntoFuture(null, awaitable, PyConvert.PyObject, ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> IntoFuture(EventLoopContext context, Func<PyObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(context, awaitable, PyConvert.PyObject, ct);

    /// <inheritdoc cref="IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> IntoFuture(EventLoopContext context, PyObject awaitable, CancellationToken ct = default) =>
        IntoFuture(context, awaitable, PyConvert.PyObject, ct);

    /// <inheritdoc cref="Call{T}(EventLoopContext, PyObject, CallArguments, PyConverter{T}, CancellationToken)"/>
    Task<T> Call<T>(PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken ct = default) =>
        Call(null, function, arguments, converter, ct);

    /// <inheritdoc cref="Call{T}(EventLoopContext, PyObject, CallArguments, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> Call<T>(PyObject function, CallArguments arguments = default, CancellationToken ct = default) =>
        Call(null, function, arguments, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="Call{T}(EventLoopContext, PyObject, CallArguments, PyConverter{T}, CancellationToken)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    Task<T> Call<T>(EventLoopContext context, PyObject function, CallArguments arguments = default, CancellationToken ct = default) =>
        Call(context, function, arguments, PyConvert.For<T>(), ct);

    /// <inheritdoc cref="Call{T}(EventLoopContext, PyObject, CallArguments, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> Call(PyObject function, CallArguments arguments = default, CancellationToken ct = default) =>
        Call(null, function, arguments, PyConvert.PyObject, ct);

    /// <inheritdoc cref="Call{T}(EventLoopContext, PyObject, CallArguments, PyConverter{T}, CancellationToken)"/>
    Task<PyObject> Call(EventLoopContext context, PyObject function, CallArguments arguments = default, CancellationToken ct = default) =>
        Call(context, function, arguments, PyConvert.PyObject, ct);

    /// <inheritdoc cref="InvokeAsync{T}(EventLoopContext, Func{T}, CancellationToken)"/>
    Task<T> InvokeAsync<T>(Func<T> onLoop, CancellationToken ct = default) => InvokeAsync(null, onLoop, ct);

    /// <inheritdoc cref="InvokeAsync{T}(EventLoopContext, Func{T}, CancellationToken)"/>
    Task InvokeAsync(Action onLoop, CancellationToken ct = default) => InvokeAsync(null, onLoop, ct);

    /// <inheritdoc cref="InvokeAsync{T}(EventLoopContext, Func{T}, CancellationToken)"/>
    Task InvokeAsync(EventLoopContext? context, Action onLoop, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(onLoop);
        return InvokeAsync(
            context,
            () =>
            {
                onLoop();
                return true;
            },
            ct);
    }
}
