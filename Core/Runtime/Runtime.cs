using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>The one implementation of <see cref="IRuntime"/>: the same for every backend and every loop.</summary>
internal sealed partial class Runtime : IStreamRuntime
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
        _starter = new WorkStarter(_logger, options.BlockingWaitTimeout);
        _shutdown = new ShutdownTime(options.ShutdownTimeout);
        Name = $"{backend.Name}/{loopFactory.Name}";
    }

    public string Name { get; }

    /// <summary>Gets the counts of the runtime's own loop; null before it was started.</summary>
    internal LoopStatistics? Statistics => (_ownContext?.Loop as PythonEventLoop)?.Statistics;

    private void ThrowIfEnding()
    {
        // Not ObjectDisposedException.ThrowIf, which would look the type up at each call.
        if (_ending != 0)
        {
            ThrowEnding();
        }
    }

    [DoesNotReturn]
    private static void ThrowEnding() => throw new ObjectDisposedException(typeof(IRuntime).FullName);
}
