using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>What <see cref="IRuntime"/> does, for the objects of pythonnet.</summary>
/// <remarks>
/// A <c>dynamic</c> has no extension methods: cast what is to be awaited, <c>runtime.IntoFuture((PyObject)module.work())</c>. And a Task must
/// not be waited for with the GIL held, which the loop needs: do not block inside <c>using (Py.GIL())</c>.
/// </remarks>
public static class PythonNetRuntimeExtensions
{
    /// <summary>Awaits a coroutine, a future or another awaitable of pythonnet's.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Any awaitable. It stays its owner's, who may dispose it straight after.</param>
    /// <param name="ct">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result, which belongs to the caller. To use it, take <c>Py.GIL()</c>.</returns>
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(EventLoopContext, PyObject, PyConverter{T}, CancellationToken)" path="/exception"/>
    public static Task<ForeignObject> IntoFuture(this IRuntime runtime, ForeignObject awaitable, CancellationToken ct = default) =>
        IntoFuture(runtime, null, awaitable, PythonNetConvert.For<ForeignObject>(), ct);

    /// <inheritdoc cref="IntoFuture(IRuntime, ForeignObject, CancellationToken)"/>
    /// <returns>The result, converted as pythonnet does.</returns>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, ForeignObject awaitable, CancellationToken ct = default) =>
        IntoFuture(runtime, null, awaitable, PythonNetConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture(IRuntime, ForeignObject, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="awaitable">Any awaitable.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="ct">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result.</returns>
    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are disposed", Justification = "The request holds a use of its own.")]
    public static Task<T> IntoFuture<T>(
        this IRuntime runtime, EventLoopContext? context, ForeignObject awaitable, PyConverter<T> converter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject ours = awaitable.ToPyAsync();
        return runtime.IntoFuture(context, ours, converter, ct);
    }

    /// <summary>Awaits what <paramref name="awaitable"/> makes on the loop's thread, where the GIL is held: the calling thread needs none.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Makes a coroutine, a future or another awaitable. Must not block.</param>
    /// <param name="ct">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result, which belongs to the caller. To use it, take <c>Py.GIL()</c>.</returns>
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, CancellationToken)" path="/exception"/>
    public static Task<ForeignObject> IntoFuture(this IRuntime runtime, Func<ForeignObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(runtime, null, awaitable, PythonNetConvert.For<ForeignObject>(), ct);

    /// <inheritdoc cref="IntoFuture(IRuntime, Func{ForeignObject}, CancellationToken)"/>
    /// <returns>The result, converted as pythonnet does.</returns>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, Func<ForeignObject> awaitable, CancellationToken ct = default) =>
        IntoFuture(runtime, null, awaitable, PythonNetConvert.For<T>(), ct);

    /// <inheritdoc cref="IntoFuture(IRuntime, Func{ForeignObject}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="context">The loop and Python context to use; null for the current one.</param>
    /// <param name="awaitable">Makes a coroutine, a future or another awaitable. Must not block.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="ct">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result.</returns>
    public static Task<T> IntoFuture<T>(
        this IRuntime runtime, EventLoopContext? context, Func<ForeignObject> awaitable, PyConverter<T> converter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(awaitable);
        return runtime.IntoFuture(
            context,
            () =>
            {
                using ForeignObject made = awaitable()
                    ?? throw new InvalidOperationException("The factory of an awaitable gave null; it has to give a coroutine, a future or another awaitable.");
                return made.ToPyAsync();
            },
            converter,
            ct);
    }

    /// <summary>Gives Python an awaitable of a Task, as an object of pythonnet's. See <see cref="IRuntime.FutureIntoPy(Task, CancelBehavior)"/>.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The Task. Nothing here can cancel it.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <returns>The awaitable, which belongs to the caller.</returns>
    public static ForeignObject FutureIntoPythonNet(this IRuntime runtime, Task started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(null, started, cancel);
        return future.ToPythonNet();
    }

    /// <inheritdoc cref="FutureIntoPythonNet(IRuntime, Task, CancelBehavior)"/>
    public static ForeignObject FutureIntoPythonNet<T>(this IRuntime runtime, Task<T> started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(null, started, PythonNetConvert.For<T>(), cancel);
        return future.ToPythonNet();
    }

    /// <summary>
    /// Starts .NET work on the backend and gives Python an awaitable of it, as an object of pythonnet's. See
    /// <see cref="IRuntime.FutureIntoPy(Func{CancellationToken, Task}, CancelBehavior)"/>.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires on the backend when Python cancels, and when the runtime ends.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <returns>The awaitable, which belongs to the caller.</returns>
    public static ForeignObject FutureIntoPythonNet(this IRuntime runtime, Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(null, work, cancel);
        return future.ToPythonNet();
    }

    /// <inheritdoc cref="FutureIntoPythonNet(IRuntime, Func{CancellationToken, Task}, CancelBehavior)"/>
    public static ForeignObject FutureIntoPythonNet<T>(this IRuntime runtime, Func<CancellationToken, Task<T>> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(null, work, PythonNetConvert.For<T>(), cancel);
        return future.ToPythonNet();
    }
}
