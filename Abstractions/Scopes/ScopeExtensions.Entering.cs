using PyAsync.Interop;

namespace PyAsync;

// Context managers that outlive a method.
public static partial class ScopeExtensions
{
    /// <summary>
    /// Enters a Python context manager, and leaves it when the scope is disposed, for managers that outlive a method. One Python task enters it, waits, and exits it.
    /// <c>UsingAsync</c> is the main form: there the code's exception reaches <c>__aexit__</c>.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="manager">
    /// Makes the context manager, asynchronous or synchronous, or a coroutine that returns one. Runs in the Python task that enters it, on the loop's thread; must not block.
    /// </param>
    /// <param name="converter">Converts the value that entering gives, on the loop's thread.</param>
    /// <param name="cancellationToken">Cancels the entering. Has no effect on a manager that was entered.</param>
    /// <returns>The scope. Fails with the exception of entering.</returns>
    /// <remarks>From any thread, without the GIL.</remarks>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static Task<PyScope<T>> EnterAsync<T>(
        this IRuntime runtime, Func<PyObject> manager, PyConverter<T> converter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(converter);
        return PyScope<T>.EnterAsync(runtime, manager, converter, cancellationToken);
    }

    /// <inheritdoc cref="EnterAsync{T}(IRuntime, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    public static Task<PyScope<PyObject>> EnterAsync(this IRuntime runtime, Func<PyObject> manager, CancellationToken cancellationToken = default) =>
        runtime.EnterAsync(manager, PyConvert.PyObject, cancellationToken);
}
