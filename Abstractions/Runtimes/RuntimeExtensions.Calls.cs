using PyAsync.Interop;

namespace PyAsync;

// .NET awaits Python.
public static partial class RuntimeExtensions
{
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Makes the coroutine, future or object with <c>__await__</c>. Runs on the loop's thread; must not block.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    public static Task<PyObject> IntoFuture(this IRuntime runtime, Func<PyObject> awaitable, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.IntoFuture(awaitable, PyConvert.PyObject, cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.IntoFuture{T}(PyObject, PyConverter{T}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Borrowed: it may be disposed right after the call.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    public static Task<PyObject> IntoFuture(this IRuntime runtime, PyObject awaitable, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.IntoFuture(awaitable, PyConvert.PyObject, cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.CallAsync{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="function">Anything callable. Borrowed, as are Python objects among the arguments.</param>
    /// <param name="arguments">Converted on the loop's thread, when the call is made.</param>
    /// <param name="cancellationToken">As for <c>IntoFuture</c>. If it fires before the start, the function is not called.</param>
    public static Task<PyObject> CallAsync(this IRuntime runtime, PyObject function, CallArguments arguments = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.CallAsync(function, arguments, PyConvert.PyObject, cancellationToken);
    }

    /// <summary>Calls a method of a Python object on the loop's thread and, if it returns an awaitable, awaits that.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="target">The object. Borrowed, as are Python objects among the arguments.</param>
    /// <param name="name">The method's name. It is looked up on the loop's thread, when the call is made.</param>
    /// <param name="arguments">Converted on the loop's thread, when the call is made.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">As for <c>IntoFuture</c>. If it fires before the start, the method is not called.</param>
    /// <returns>As for <see cref="IRuntime.CallAsync{T}"/>; a <see cref="PythonException"/> of an <c>AttributeError</c> if there is no such method.</returns>
    /// <inheritdoc cref="IRuntime.CallAsync{T}" path="/exception"/>
    public static Task<T> CallMethodAsync<T>(
        this IRuntime runtime, PyObject target, string name, CallArguments arguments, PyConverter<T> converter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return runtime.CallAsync(target, arguments.OfMethod(name), converter, cancellationToken);
    }

    /// <inheritdoc cref="CallMethodAsync{T}"/>
    public static Task<PyObject> CallMethodAsync(
        this IRuntime runtime, PyObject target, string name, CallArguments arguments = default, CancellationToken cancellationToken = default) =>
        runtime.CallMethodAsync(target, name, arguments, PyConvert.PyObject, cancellationToken);

    /// <inheritdoc cref="IRuntime.InvokeAsync{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="onLoop">Must not block: it holds up the loop while it runs.</param>
    /// <param name="cancellationToken">If it fires before the start, the code does not run. Later it has no effect.</param>
    public static Task InvokeAsync(this IRuntime runtime, Action onLoop, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(onLoop);
        return runtime.InvokeAsync(
            () =>
            {
                onLoop();
                return true;
            },
            cancellationToken);
    }
}
