using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PyAsync;

/// <summary>Makes runtimes without dependency injection. With it, <c>services.AddPyAsync(…)</c> does.</summary>
public static class PyAsyncRuntime
{
    /// <summary>Makes a runtime. Nothing starts before <see cref="IRuntime.StartAsync"/>, <c>RunUntilComplete</c> or <c>RunForever</c>.</summary>
    /// <param name="backend">Where .NET work runs. The runtime disposes it at its end.</param>
    /// <param name="options">The settings; null for the defaults. Backend and event loop are given as objects here, not by name.</param>
    /// <param name="eventLoop">Makes the loop; null for asyncio's own.</param>
    /// <param name="loggers">For the runtime's log; null for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is not valid; the message says how to mend it.</exception>
    public static IRuntime Create(
        RuntimeBackend backend,
        PyAsyncOptions? options = null,
        EventLoopFactory? eventLoop = null,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        options ??= new PyAsyncOptions();
        if (options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        return new Runtime(backend, options, eventLoop ?? new AsyncioLoopFactory(), loggers ?? NullLoggerFactory.Instance, time ?? TimeProvider.System);
    }
}
