using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The forms of <see cref="IRuntime"/>'s members that find the converter of a type by reflection (<see cref="PyConvert.For{T}"/>). Trimmed
/// and NativeAOT code passes a <see cref="PyConverter{T}"/> instead. The member's rules for threads, GIL and exceptions apply.
/// </summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
public static class RuntimeReflectionExtensions
{
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Makes the coroutine, future or object with <c>__await__</c>. Runs on the loop's thread; must not block.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, Func<PyObject> awaitable, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.IntoFuture(awaitable, PyConvert.For<T>(), cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.IntoFuture{T}(PyObject, PyConverter{T}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Borrowed: it may be disposed right after the call.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, PyObject awaitable, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.IntoFuture(awaitable, PyConvert.For<T>(), cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.CallAsync{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="function">Anything callable. Borrowed, as are Python objects among the arguments.</param>
    /// <param name="arguments">Converted on the loop's thread, when the call is made.</param>
    /// <param name="cancellationToken">As for <c>IntoFuture</c>. If it fires before the start, the function is not called.</param>
    public static Task<T> CallAsync<T>(this IRuntime runtime, PyObject function, CallArguments arguments = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.CallAsync(function, arguments, PyConvert.For<T>(), cancellationToken);
    }

    /// <inheritdoc cref="RuntimeExtensions.CallMethodAsync{T}"/>
    public static Task<T> CallMethodAsync<T>(
        this IRuntime runtime, PyObject target, string name, CallArguments arguments = default, CancellationToken cancellationToken = default) =>
        runtime.CallMethodAsync(target, name, arguments, PyConvert.For<T>(), cancellationToken);

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires on the backend when Python cancels, and when the runtime ends.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    public static PyObject FutureIntoPy<T>(this IRuntime runtime, Func<CancellationToken, Task<T>> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.FutureIntoPy(work, PyConvert.For<T>(), cancel);
    }

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The work. Python cannot cancel it.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    public static PyObject FutureIntoPy<T>(this IRuntime runtime, ValueTask<T> started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.FutureIntoPy(started, PyConvert.For<T>(), cancel);
    }

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The Task. Python cannot cancel it.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    public static PyObject FutureIntoPy<T>(this IRuntime runtime, Task<T> started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        runtime.FutureIntoPy(started, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="IRuntime.IntoAsyncEnumerable{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="source">Makes the iterable, on the loop's thread, once for each reading.</param>
    /// <param name="buffer">The maximum number of items that Python may be ahead. At least 1.</param>
    public static IAsyncEnumerable<T> IntoAsyncEnumerable<T>(this IRuntime runtime, Func<PyObject> source, int buffer = 128)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.IntoAsyncEnumerable(source, PyConvert.For<T>(), buffer);
    }

    /// <inheritdoc cref="IRuntime.AsyncEnumerableIntoPy{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="source">The items. Its enumerator runs on the backend, and is disposed when Python stops early (<c>aclose()</c>, or the last reference).</param>
    /// <param name="buffer">The maximum number of items that one step of Python fetches. At least 1: then the enumerator runs only while Python awaits an item.</param>
    public static PyObject AsyncEnumerableIntoPy<T>(this IRuntime runtime, IAsyncEnumerable<T> source, int buffer = 128)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.AsyncEnumerableIntoPy(source, PyConvert.For<T>(), buffer);
    }
}
