using System.Runtime.CompilerServices;

namespace PyAsync.Backends;

/// <summary>
/// Runs work on the Python event loop's own thread, between the loop's other callbacks: an await of a coroutine changes no thread, and
/// one of a coroutine that finishes at once does not even leave the method. The cheapest way to mix the two, for code that computes
/// little: while it runs, Python stands still, and so does the loop. What blocks or computes belongs to <c>SpawnBlocking</c>.
/// </summary>
/// <remarks>Work and its continuations hold the GIL. Blocking waits are refused as everywhere on a loop's thread (<see cref="LoopBlockedException"/>).</remarks>
public sealed class EventLoopBackend : RuntimeBackend
{
    private readonly ConditionalWeakTable<EventLoop, WorkLane> _lanes = [];

    /// <inheritdoc/>
    public override string Name => "EventLoop";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lanes.GetValue(loop, static created => new LoopLane(created));

    private sealed class LoopLane(EventLoop loop) : WorkLane
    {
        public override bool IsCurrentThread => loop.IsCurrentThread;

        public override LaneAffinity Affinity => LaneAffinity.Loop;

        public override void Schedule(Action<object?> work, object? state) => loop.Schedule(work, state);
    }
}
