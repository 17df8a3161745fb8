namespace PyAsync;

// Groups of work that end together.
public static partial class ScopeExtensions
{
    /// <summary>
    /// Runs a body that starts children, of .NET and of Python, and waits for all of them, as <c>asyncio.TaskGroup</c> does. No child outlives the scope. A body or child that fails cancels the others.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="body">The body, which runs on the backend. It starts children (<see cref="TaskScope"/>), and so may the children.</param>
    /// <param name="cancellationToken">Cancels the body and the children. The returned Task ends when all have ended.</param>
    /// <returns>
    /// The body's result. If the body or children failed, fails with a <see cref="TaskScopeException"/>, an <see cref="AggregateException"/> of all failures, which is an <c>ExceptionGroup</c> in
    /// Python; with a <c>SystemExit</c> or <c>KeyboardInterrupt</c> of Python alone. If nothing failed and the scope was cancelled from outside, or the body ended as cancelled, fails with that
    /// <see cref="OperationCanceledException"/>.
    /// </returns>
    /// <remarks>From any thread, without the GIL. A nested scope is cancelled with the outer one if it is given the outer one's <see cref="TaskScope.Token"/>.</remarks>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that calls of the body could use.</exception>
    public static Task<T> RunScopeAsync<T>(this IRuntime runtime, Func<TaskScope, Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(body);
        return runtime.Spawn(token => new TaskScope(runtime, cancellationToken).RunAsync(body, token), cancellationToken);
    }

    /// <inheritdoc cref="RunScopeAsync{T}"/>
    public static Task RunScopeAsync(this IRuntime runtime, Func<TaskScope, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(body);
        return runtime.Spawn(
            async token =>
            {
                await new TaskScope(runtime, cancellationToken)
                    .RunAsync(scope => Resultless.Of(body(scope) ?? throw new InvalidOperationException("The body of a scope returned null; it must return a Task.")), token)
                    .ConfigureAwait(false);
            },
            cancellationToken);
    }
}
