namespace PyAsync;

/// <summary>Runs work on the .NET thread pool, the default. The work continues there after an await, on any thread.</summary>
public sealed class ThreadPoolBackend : RuntimeBackend
{
    private readonly PoolLane _lane = new();

    /// <inheritdoc/>
    public override string Name => "ThreadPool";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lane;
}
