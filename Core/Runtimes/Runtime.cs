using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>The one implementation of <see cref="IRuntime"/>: the same for every backend and every loop.</summary>
/// <remarks>
/// The life of a runtime has separate classes: <see cref="LoopHost"/> opens the loop, <see cref="LoopRuns"/> runs it, <see cref="RuntimeEnd"/> ends it.
/// <see cref="LoopChoice"/> finds the loop of a call.
/// </remarks>
internal sealed partial class Runtime : IStreamRuntime
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly RuntimePhase _phase = new();
    private readonly RuntimeParts _parts;
    private readonly RuntimeBackend _backend;
    private readonly WorkStarter _starter;
    private readonly WorkTracker _tracker;
    private readonly LoopRuns _runs;
    private readonly RuntimeEnd _end;
    private readonly Abandonment _abandonment;

    /// <param name="backend">Runs .NET work.</param>
    /// <param name="options">The settings.</param>
    /// <param name="loopFactory">Creates the loop.</param>
    /// <param name="loggers">For the runtime's log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isOfModule">See <see cref="LoopChoice"/>.</param>
    public Runtime(RuntimeBackend backend, PyAsyncOptions options, EventLoopFactory loopFactory, ILoggerFactory loggers, TimeProvider time, bool isOfModule = false)
    {
        RuntimeOfCall.Install(static () =>
            LoopRegistry.Current.Running(null) is { Owner: { } owner } ? owner : EventLoopContext.Current?.Recorder as IRuntime);
        _backend = backend;
        _parts = new RuntimeParts(this, backend, options, loopFactory, loggers.CreateLogger("PyAsync.Runtime"), time, _stopping);
        _starter = _parts.Starter;
        _tracker = _parts.Tracker;
        Choice = new LoopChoice(this, _parts.LoopSettings, isOfModule);
        var host = new LoopHost(_parts, _phase, Choice.Own);
        var work = new WorkInFlight(_parts, host);
        var backendLife = new BackendLife(_parts, _phase);
        _abandonment = new Abandonment(_parts, _phase, work);
        _runs = new LoopRuns(_parts, _phase, host, backendLife, _abandonment);
        _end = new RuntimeEnd(_parts, _phase, host, _runs, backendLife, work, ended: () => Choice.CountLoopless(false));
    }

    public string Name => _parts.Name;

    ConcurrentDictionary<Type, object> IRuntime.Imports { get; } = new();

    /// <summary>Gets the object that finds the loop of a call.</summary>
    internal LoopChoice Choice { get; }

    /// <summary>Gets the counts of the runtime's own loop; null before it was started.</summary>
    internal LoopStatistics? Statistics => Choice.OwnLoop?.Statistics;

    public Task StartAsync(CancellationToken cancellationToken = default) => _runs.StartAsync(cancellationToken);

    public T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        return _runs.RunUntilComplete(main, main);
    }

    /// <inheritdoc cref="LoopRuns.RunUntilComplete"/>
    internal T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main, Delegate source) => _runs.RunUntilComplete(main, source);

    public void RunForever(CancellationToken cancellationToken = default) => _runs.RunForever(cancellationToken);

    public IRuntime In(EventLoopContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Loop is PythonEventLoop
            ? new RuntimeInContext(this, context)
            : throw new ArgumentException($"The context's loop is a {context.Loop.GetType().Name}; a loop that a runtime gave (GetCurrentLoop, CaptureContext) is needed.", nameof(context));
    }

    public EventLoop GetCurrentLoop() => Choice.GetCurrentLoop(null);

    public EventLoopContext CaptureContext() => Choice.CaptureContext(null);

    /// <summary>Sets what a host knows of its runtime, before the start.</summary>
    /// <param name="key">The key of the runtime in the host; null for none.</param>
    /// <param name="pythonStarted">Called when Python has started, before the loop is opened. On any thread, without the GIL. Null for nothing.</param>
    internal void SetHost(string? key, Action? pythonStarted) => (_parts.Key, _parts.PythonStarted) = (key, pythonStarted);

    /// <inheritdoc cref="RuntimePhase.ThrowIfEnding"/>
    internal void ThrowIfEnding() => _phase.ThrowIfEnding();

    public void Dispose() => _end.End();

    public ValueTask DisposeAsync() => new(_end.EndAsync());

    /// <inheritdoc cref="RuntimeEnd.EndWithHostAsync"/>
    internal Task EndWithHostAsync(CancellationToken hostsTime) => _end.EndWithHostAsync(hostsTime);

    /// <inheritdoc cref="Abandonment.BeginLastEnd"/>
    internal IDisposable BeginLastEnd(int exitCode, TimeSpan hostsTime) => _abandonment.BeginLastEnd(exitCode, hostsTime);

    /// <inheritdoc cref="PythonInterpreter.TryFinalizeOnMainThread"/>
    internal static void TryFinalizePython() => PythonInterpreter.TryFinalizeOnMainThread();
}
