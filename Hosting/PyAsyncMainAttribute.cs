namespace PyAsync;

/// <summary>
/// Marks the program's main method: asynchronous, static, with any of <c>string[] args</c>, <c>IRuntime</c> and <c>CancellationToken</c> as parameters,
/// returning <c>Task</c> or <c>Task&lt;int&gt;</c> for an exit code. The generated entry point gives the main thread to Python's event loop
/// (<see cref="PyAsyncApp"/>); the method runs on the backend.
/// </summary>
/// <example>
/// <code>
/// internal static class Program
/// {
///     [PyAsyncMain(Backend = "DedicatedThread", EventLoop = "uvloop")]
///     internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken) { … }
/// }
/// </code>
/// </example>
/// <remarks>The properties set defaults, which <c>appsettings.json</c>, environment variables and the command line override.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyAsyncMainAttribute : Attribute
{
    /// <inheritdoc cref="PyAsyncOptions.Backend"/>
    public string? Backend { get; init; }

    /// <inheritdoc cref="PyAsyncOptions.EventLoop"/>
    public string? EventLoop { get; init; }

    /// <summary>Gets the number of threads of the backend <c>DedicatedThread</c>.</summary>
    /// <value>1 to 1,024; default 0: the backend's default.</value>
    public int WorkerThreads { get; init; }
}
