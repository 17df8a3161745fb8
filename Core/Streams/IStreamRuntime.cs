using PyAsync.Interop;

namespace PyAsync.Streams;

/// <summary>The operations of a runtime that streams use: calls with a given context, and awaitables of steps.</summary>
internal interface IStreamRuntime : IRuntime
{
    /// <summary>Calls <see cref="IRuntime.IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)"/> in a context; null for the current one.</summary>
    Task<T> IntoFuture<T>(EventLoopContext? context, Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken);

    /// <summary>Calls <see cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/> in a context; null for the current one.</summary>
    PyObject FutureIntoPy<T>(EventLoopContext? context, ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel);

    /// <summary>Starts .NET work on the backend, and returns its awaitable.</summary>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="work">The work.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <param name="evenIfCancelled">True if the work begins even if it was cancelled before.</param>
    /// <param name="evenIfEnding">True if the work begins even while the runtime ends, as clean-up does.</param>
    NewReference StartIntoPy<T>(EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait, bool evenIfCancelled = false, bool evenIfEnding = false);
}
