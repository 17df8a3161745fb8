namespace PyAsync;

/// <summary>Runs work on the .NET thread pool, the default. The work continues there after an await, on any thread.</summary>
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

        // Unsafe: each work item restores its own ExecutionContext.
        public override void Schedule(Action<object?> work, object? state) =>
            ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
    }
}
