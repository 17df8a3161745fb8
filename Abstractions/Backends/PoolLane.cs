namespace PyAsync;

/// <summary>Runs work on the .NET thread pool, in any order.</summary>
internal sealed class PoolLane : WorkLane
{
    public override bool IsCurrentThread => Thread.CurrentThread.IsThreadPoolThread;

    public override LaneAffinity Affinity => LaneAffinity.Pool;

    // Unsafe: each work item restores its own ExecutionContext.
    public override void Schedule(Action<object?> work, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
}
