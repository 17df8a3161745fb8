using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>The one implementation of <see cref="IRuntime"/>: the same for every backend and every loop.</summary>
internal sealed partial class Runtime : IRuntime
{
    private readonly RuntimeBackend _backend;
    private readonly PyAsyncOptions _options;
    private readonly EventLoopFactory _loopFactory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LoopSettings _loopSettings;
    private readonly WorkStarter _starter;
    private readonly WorkTracker _tracker = new();
    private readonly CancellationTokenSource _stopping = new();

    public Runtime(RuntimeBackend backend, PyAsyncOptions options, EventLoopFactory loopFactory, ILoggerFactory loggers, TimeProvider time)
    {
        _backend = backend;
        _options = options;
        _loopFactory = loopFactory;
        _time = time;
        _logger = loggers.CreateLogger("PyAsync.Runtime");
        _loopSettings = new LoopSettings(_logger, options.BlockingWaitTimeout);
        _starter = new WorkStarter(_logger);
        Name = $"{backend.Name}/{loopFactory.Name}";
    }

    public string Name { get; }

    /// <summary>What the runtime's own loop has done and has to do; null before it was started.</summary>
    internal LoopStatistics? Statistics => (_ownContext?.Loop as PythonEventLoop)?.Statistics;

    public EventLoop GetCurrentLoop() => Resolve(null).Loop;

    public EventLoopContext CaptureContext()
    {
        EventLoopContext current = Resolve(null);
        return new EventLoopContext(current.Loop, current.ContextVariables, ExecutionContext.Capture());
    }

    /// <summary>Where a call lands: the given context, the loop of this thread, the code's own context, the runtime's loop.</summary>
    private EventLoopContext Resolve(EventLoopContext? given)
    {
        if (given is not null)
        {
            return given.Loop is PythonEventLoop
                ? given
                : throw new ArgumentException($"The context's loop is a {given.Loop.GetType().Name}; a loop that a runtime gave (GetCurrentLoop, CaptureContext) is needed.");
        }

        EventLoopContext found = OfThisLane() ?? OfThisThread() ?? EventLoopContext.Current?.OffLoop() ?? _ownContext ?? throw new NoRunningLoopException(
            "There is no event loop to use: start the runtime first (a host's start, StartAsync, RunUntilComplete), call from code that Python runs in a loop, or pass an EventLoopContext.");
        return SynchronizationContext.Current is LaneSynchronizationContext lane ? lane.Route(found) : found;
    }

    /// <summary>As <see cref="ResolveForPython"/>, where only the loop matters.</summary>
    private PythonEventLoop ResolveLoopForPython(EventLoopContext? given) =>
        given is null && PythonThread.IsAttached && LoopRegistry.Current.Running(_loopSettings) is { } running
            ? running
            : (PythonEventLoop)ResolveForPython(given).Loop;

    /// <summary>For what Python calls and awaits, the loop that runs there, and no other.</summary>
    private EventLoopContext ResolveForPython(EventLoopContext? given) =>
        given is null && EntryFromPython.IsActive && PythonThread.IsAttached
            ? OfThisThread() ?? throw new NoRunningLoopException()
            : Resolve(given);

    /// <summary>For code that runs on the loop's thread as a lane's work: the context that it was started in, or the loop's; else null.</summary>
    private static EventLoopContext? OfThisLane() =>
        EntryFromPython.Lane is EventLoopContext lane
            ? EventLoopContext.Current is { CompletesOnLoop: true } started && started.Loop == lane.Loop ? started : lane
            : null;

    /// <summary>The loop that runs on this thread, with the context variables of now; null if none does.</summary>
    private EventLoopContext? OfThisThread()
    {
        if (!PythonThread.IsAttached)
        {
            return null;
        }

        return LoopRegistry.Current.Running(_loopSettings)?.CaptureContext();
    }

    private void ThrowIfEnding()
    {
        // Not by ThrowIf, for which the type would be looked up at each call.
        if (_ending != 0)
        {
            ThrowEnding();
        }
    }

    [DoesNotReturn]
    private static void ThrowEnding() => throw new ObjectDisposedException(typeof(IRuntime).FullName);
}
