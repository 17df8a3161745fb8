using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PyAsync;

/// <summary>Creates runtimes from a backend, without dependency injection and without the package <c>PyAsync</c>.</summary>
public static class RuntimeBackendExtensions
{
    /// <summary>
    /// Creates a runtime that runs .NET work on this backend. Nothing starts before <see cref="IRuntime.StartAsync"/>, <c>RunUntilComplete</c>
    /// or <c>RunForever</c>. From any thread, without the GIL.
    /// </summary>
    /// <param name="backend">The backend. The runtime disposes it at its end.</param>
    /// <param name="options">The settings; null for the defaults. The names of a backend and of an event loop in them are ignored.</param>
    /// <param name="eventLoop">Creates the loop; null for asyncio's own.</param>
    /// <param name="loggers">For the runtime's log; null for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is not valid; the message names the correction.</exception>
    public static IRuntime CreateRuntime(
        this RuntimeBackend backend,
        PyAsyncOptions? options = null,
        EventLoopFactory? eventLoop = null,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        options ??= new PyAsyncOptions();
        if (new List<string>(options.Validate()) is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        var runtime = new Runtime(backend, options, eventLoop ?? new AsyncioLoopFactory(), loggers ?? NullLoggerFactory.Instance, time ?? TimeProvider.System);
        runtime.Choice.CountLoopless(true);
        return runtime;
    }
}
