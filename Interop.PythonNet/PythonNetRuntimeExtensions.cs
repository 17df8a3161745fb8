using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>The operations of <see cref="IRuntime"/> for the objects of pythonnet.</summary>
/// <remarks>
/// A <c>dynamic</c> has no extension methods: cast the awaitable, <c>runtime.IntoFuture((PyObject)module.work())</c>. And never wait for a Task with
/// the GIL held, which the loop needs: do not block inside <c>using (Py.GIL())</c>.
/// </remarks>
public static class PythonNetRuntimeExtensions
{
    /// <summary>Awaits a coroutine, a future or another awaitable of pythonnet.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Any awaitable. It still belongs to its owner, who may dispose it directly afterwards.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result, which belongs to the caller. To use it, take <c>Py.GIL()</c>.</returns>
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(PyObject, PyConverter{T}, CancellationToken)" path="/exception"/>
    public static Task<ForeignObject> IntoFuture(this IRuntime runtime, ForeignObject awaitable, CancellationToken cancellationToken = default) =>
        IntoFuture(runtime, awaitable, PythonNetConvert.For<ForeignObject>(), cancellationToken);

    /// <inheritdoc cref="IntoFuture(IRuntime, ForeignObject, CancellationToken)"/>
    /// <returns>The result, converted as pythonnet does.</returns>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, ForeignObject awaitable, CancellationToken cancellationToken = default) =>
        IntoFuture(runtime, awaitable, PythonNetConvert.For<T>(), cancellationToken);

    /// <inheritdoc cref="IntoFuture(IRuntime, ForeignObject, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Any awaitable.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result.</returns>
    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are disposed", Justification = "The request holds its own use.")]
    public static Task<T> IntoFuture<T>(
        this IRuntime runtime, ForeignObject awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject ours = awaitable.ToPyAsync();
        return runtime.IntoFuture(ours, converter, cancellationToken);
    }

    /// <summary>Awaits the object that <paramref name="awaitable"/> makes on the loop's thread, where the GIL is held: the calling thread does not need it.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Makes a coroutine, a future or another awaitable. Must not block.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result, which belongs to the caller. To use it, take <c>Py.GIL()</c>.</returns>
    /// <inheritdoc cref="IRuntime.IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)" path="/exception"/>
    public static Task<ForeignObject> IntoFuture(this IRuntime runtime, Func<ForeignObject> awaitable, CancellationToken cancellationToken = default) =>
        IntoFuture(runtime, awaitable, PythonNetConvert.For<ForeignObject>(), cancellationToken);

    /// <inheritdoc cref="IntoFuture(IRuntime, Func{ForeignObject}, CancellationToken)"/>
    /// <returns>The result, converted as pythonnet does.</returns>
    public static Task<T> IntoFuture<T>(this IRuntime runtime, Func<ForeignObject> awaitable, CancellationToken cancellationToken = default) =>
        IntoFuture(runtime, awaitable, PythonNetConvert.For<T>(), cancellationToken);

    /// <inheritdoc cref="IntoFuture(IRuntime, Func{ForeignObject}, CancellationToken)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="awaitable">Makes a coroutine, a future or another awaitable. Must not block.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">Cancels the Python task, as <c>task.cancel()</c>.</param>
    /// <returns>The result.</returns>
    public static Task<T> IntoFuture<T>(
        this IRuntime runtime, Func<ForeignObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(awaitable);
        return runtime.IntoFuture(
            () =>
            {
                using ForeignObject made = awaitable()
                    ?? throw new InvalidOperationException("The factory of an awaitable returned null; it must return a coroutine, a future or another awaitable.");
                return made.ToPyAsync();
            },
            converter,
            cancellationToken);
    }

    /// <summary>Makes a Python awaitable of a Task, as a pythonnet object. See <see cref="RuntimeExtensions.FutureIntoPy(IRuntime, Task, CancelBehavior)"/>.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The Task. Python cannot cancel it.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <returns>The awaitable, which belongs to the caller.</returns>
    public static ForeignObject FutureIntoPythonNet(this IRuntime runtime, Task started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(started, cancel);
        return future.ToPythonNet();
    }

    /// <inheritdoc cref="FutureIntoPythonNet(IRuntime, Task, CancelBehavior)"/>
    public static ForeignObject FutureIntoPythonNet<T>(this IRuntime runtime, Task<T> started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(started, PythonNetConvert.For<T>(), cancel);
        return future.ToPythonNet();
    }

    /// <summary>
    /// Starts .NET work on the backend and makes a Python awaitable of it, as a pythonnet object. See
    /// <see cref="RuntimeExtensions.FutureIntoPy(IRuntime, Func{CancellationToken, Task}, CancelBehavior)"/>.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires on the backend when Python cancels, and when the runtime ends.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <returns>The awaitable, which belongs to the caller.</returns>
    public static ForeignObject FutureIntoPythonNet(this IRuntime runtime, Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(work, cancel);
        return future.ToPythonNet();
    }

    /// <inheritdoc cref="FutureIntoPythonNet(IRuntime, Func{CancellationToken, Task}, CancelBehavior)"/>
    public static ForeignObject FutureIntoPythonNet<T>(this IRuntime runtime, Func<CancellationToken, Task<T>> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using PyObject future = runtime.FutureIntoPy(work, PythonNetConvert.For<T>(), cancel);
        return future.ToPythonNet();
    }
}
