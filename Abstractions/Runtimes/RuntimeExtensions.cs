using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The shorter forms of <see cref="IRuntime"/>'s members: without a result, without a converter where the result is a
/// <see cref="PyObject"/>, by a method's name. They work under trimming and NativeAOT. The member's rules for threads, GIL and exceptions apply.
/// </summary>
public static partial class RuntimeExtensions
{
    /// <inheritdoc cref="IRuntime.RunUntilComplete{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="main">The main work. Its token fires when the runtime ends.</param>
    public static void RunUntilComplete(this IRuntime runtime, Func<CancellationToken, Task> main)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(main);
        runtime.RunUntilComplete(cancellationToken => Resultless.Of(main(cancellationToken)));
    }

    /// <inheritdoc cref="IRuntime.Spawn{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    public static Task Spawn(this IRuntime runtime, Func<CancellationToken, Task> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(work);
        return runtime.Spawn(token => Resultless.Of(work(token)), cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.SpawnBlocking{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    public static Task SpawnBlocking(this IRuntime runtime, Action<CancellationToken> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(work);
        return runtime.SpawnBlocking<object?>(
            token =>
            {
                work(token);
                return null;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.SpawnPinned{T}"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    public static Task SpawnPinned(this IRuntime runtime, Func<CancellationToken, Task> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(work);
        return runtime.SpawnPinned(token => Resultless.Of(work(token)), cancellationToken);
    }

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="work">The work. Its token fires on the backend when Python cancels, and when the runtime ends.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <returns>The awaitable, which follows the protocol of <c>asyncio.Future</c>; its result is <c>None</c>. Belongs to the caller.</returns>
    public static PyObject FutureIntoPy(this IRuntime runtime, Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(work);
        return runtime.FutureIntoPy(token => Resultless.Of(work(token)), PyConvert.None, cancel);
    }

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The Task. Python cannot cancel it.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <returns>The awaitable, which follows the protocol of <c>asyncio.Future</c>; its result is <c>None</c>. Belongs to the caller.</returns>
    public static PyObject FutureIntoPy(this IRuntime runtime, Task started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(started);
        return runtime.StartedIntoPy(started, cancel);
    }

    /// <inheritdoc cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>
    /// <param name="runtime">The runtime.</param>
    /// <param name="started">The Task. Python cannot cancel it.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancel">Says how the awaitable answers a cancellation by Python.</param>
    public static PyObject FutureIntoPy<T>(this IRuntime runtime, Task<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(started);
        return runtime.FutureIntoPy(new ValueTask<T>(started), converter, cancel);
    }
}
