namespace PyAsync.Codecs;

/// <summary>Runs the codecs' own work, the steps of .NET streams, on the .NET thread pool.</summary>
internal sealed class CodecBackend : RuntimeBackend
{
    private readonly PoolLane _lane = new();

    public override string Name => "PythonNetCodecs";

    public override WorkLane OpenLane(EventLoop loop) => _lane;
}
