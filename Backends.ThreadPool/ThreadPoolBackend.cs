namespace PyAsync.Backends;

/// <summary>Runs work on the .NET thread pool. What the work awaits continues there too, on any thread: the default.</summary>
public sealed class ThreadPoolBackend : RuntimeBackend
{
    private readonly PoolLane _lane = new();

    /// <inheritdoc/>
    public override string Name => "ThreadPool";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lane;

    private sealed class PoolLane : WorkLane
    {
        public override bool IsCurrentThread => Thread.CurrentThread.IsThreadPoolThread;

        public override LaneAffinity Affinity => LaneAffinity.Pool;

        // Unsafe: work brings its own ExecutionContext along.
        public override void Schedule(Action<object?> work, object? state) =>
            ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
    }
}
