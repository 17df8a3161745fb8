using Microsoft.Extensions.Logging;

namespace PyAsync;

/// <summary>Creates runtimes without dependency injection. With dependency injection, use <c>services.AddPyAsync(…)</c>.</summary>
public static class PyAsyncRuntime
{
    /// <summary>
    /// Creates a runtime. Nothing starts before <see cref="IRuntime.StartAsync"/>, <c>RunUntilComplete</c> or <c>RunForever</c>. From any
    /// thread, without the GIL.
    /// </summary>
    /// <param name="backend">The backend; null for the .NET thread pool. The runtime disposes it at its end.</param>
    /// <param name="options">The settings; null for the defaults. The names of a backend and of an event loop in them are ignored: both are passed as objects.</param>
    /// <param name="eventLoop">Creates the loop; null for asyncio's own.</param>
    /// <param name="loggers">For the runtime's log; null for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is not valid; the message names the correction.</exception>
    public static IRuntime Create(
        RuntimeBackend? backend = null,
        PyAsyncOptions? options = null,
        EventLoopFactory? eventLoop = null,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null) =>
        (backend ?? new ThreadPoolBackend()).CreateRuntime(options, eventLoop, loggers, time);
}
