namespace PyAsync.Codecs;

/// <summary>Runs the codecs' own work, the steps of .NET streams, on the .NET thread pool.</summary>
internal sealed class CodecBackend : RuntimeBackend
{
    private readonly Lane _lane = new();

    public override string Name => "PythonNetCodecs";

    public override WorkLane OpenLane(EventLoop loop) => _lane;

    private sealed class Lane : WorkLane
    {
        public override bool IsCurrentThread => Thread.CurrentThread.IsThreadPoolThread;

        public override LaneAffinity Affinity => LaneAffinity.Pool;

        public override void Schedule(Action<object?> work, object? state) =>
            ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
    }
}
