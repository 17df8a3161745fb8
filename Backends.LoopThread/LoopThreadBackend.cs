using System.Runtime.CompilerServices;

namespace PyAsync;

/// <summary>
/// Runs work on the Python event loop's own thread, between the loop's other callbacks: awaiting a coroutine changes no thread, and awaiting one that
/// finishes at once does not suspend. It is the cheapest way to combine both languages, for code that computes little: while it runs, Python and the
/// loop wait. Use <c>SpawnBlocking</c> for code that blocks or computes.
/// </summary>
/// <remarks>Work and its continuations hold the GIL. Blocking waits are refused as everywhere on a loop's thread (<see cref="LoopBlockedException"/>).</remarks>
public sealed class LoopThreadBackend : RuntimeBackend
{
    private readonly ConditionalWeakTable<EventLoop, WorkLane> _lanes = [];

    /// <inheritdoc/>
    public override string Name => "LoopThread";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lanes.GetValue(loop, static created => new LoopLane(created));

    private sealed class LoopLane(EventLoop loop) : WorkLane
    {
        public override bool IsCurrentThread => loop.IsCurrentThread;

        public override LaneAffinity Affinity => LaneAffinity.Loop;

        public override void Schedule(Action<object?> work, object? state) => loop.Schedule(work, state);
    }
}
