using Microsoft.Extensions.Logging;

namespace PyAsync.Lifetime;

/// <summary>Holds the settings and the parts of a runtime that the classes of its life share.</summary>
internal sealed class RuntimeParts
{
    /// <param name="runtime">The runtime.</param>
    /// <param name="backend">Runs .NET work.</param>
    /// <param name="options">The settings.</param>
    /// <param name="loopFactory">Creates the loop.</param>
    /// <param name="logger">The runtime's log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Fires when the runtime ends: cancels its .NET work.</param>
    public RuntimeParts(IRuntime runtime, RuntimeBackend backend, PyAsyncOptions options, EventLoopFactory loopFactory, ILogger logger, TimeProvider time, CancellationTokenSource stopping)
    {
        Runtime = runtime;
        Backend = backend;
        Options = options;
        LoopFactory = loopFactory;
        Logger = logger;
        Time = time;
        Stopping = stopping;
        Name = $"{backend.Name}/{loopFactory.Name}";
        LoopSettings = new LoopSettings(logger, options.BlockingWaitTimeout);
        Starter = new WorkStarter(logger, options.BlockingWaitTimeout);
        Shutdown = new ShutdownTime(options.ShutdownTimeout);
    }

    public IRuntime Runtime { get; }

    public RuntimeBackend Backend { get; }

    public PyAsyncOptions Options { get; }

    public EventLoopFactory LoopFactory { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public CancellationTokenSource Stopping { get; }

    public string Name { get; }

    /// <summary>Gets or sets the key of a runtime that a host has by key; null for others.</summary>
    public string? Key { get; set; }

    /// <summary>Gets or sets the callback for the start of Python; null for none.</summary>
    public Action? PythonStarted { get; set; }

    /// <summary>Gets the name for the log, with the key.</summary>
    public string Title => Key is null ? Name : $"{Name} (\"{Key}\")";

    public LoopSettings LoopSettings { get; }

    public WorkStarter Starter { get; }

    public WorkTracker Tracker { get; } = new();

    public ShutdownTime Shutdown { get; }
}
