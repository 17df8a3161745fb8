namespace PyAsync.Runtimes;

internal sealed partial class Runtime
{
    public Task<T> Spawn<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) => Spawn(null, work, cancellationToken);

    public Task<T> SpawnBlocking<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken = default) => SpawnBlocking(null, work, cancellationToken);

    public Task<T> SpawnPinned<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) => SpawnPinned(null, work, cancellationToken);

    internal Task<T> Spawn<T>(EventLoopContext? given, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        _phase.ThrowIfEnding();
        EventLoopContext context = Choice.ToRecord(given);
        return Start(_backend.OpenLane(context.Loop), context, work, work, cancellationToken);
    }

    internal Task<T> SpawnBlocking<T>(EventLoopContext? given, Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        _phase.ThrowIfEnding();
        EventLoopContext? context = given is null ? Choice.ToRecordIfAny() : Choice.ToRecord(given);
        return Start(new BlockingLane(_backend), context, token => Task.FromResult(work(token)), work, cancellationToken);
    }

    internal Task<T> SpawnPinned<T>(EventLoopContext? given, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        _phase.ThrowIfEnding();
        EventLoopContext context = Choice.ToRecord(given);
        WorkLane lane = _backend.OpenLane(context.Loop);
        if (lane.Affinity is LaneAffinity.Thread or LaneAffinity.Loop)
        {
            return Start(lane, context, work, work, cancellationToken);
        }

        var own = new PinnedLane($"PyAsync {_backend.Name} pinned");
        Task<T> started = Start(own, context, work, work, cancellationToken);
        started.ContinueWith(
            static (_, lane) => ((PinnedLane)lane!).End(),
            own,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return started;
    }

    private Task<T> Start<T>(WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, Delegate source, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return _tracker.Track(_starter.Start(lane, context, work, _stopping.Token), source);
        }

        return _tracker.Track(StartLinked(lane, context, work, cancellationToken), source);
    }

    private async Task<T> StartLinked<T>(WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            return await _starter.Start(lane, context, work, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && e.CancellationToken == linked.Token)
        {
            // The caller knows the token that it passed, not the linked one.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    /// <summary>The lane of blocking work: the backend decides where it runs. Continuations, if there are any, run on the pool.</summary>
    private sealed class BlockingLane(RuntimeBackend backend) : WorkLane
    {
        public override bool IsCurrentThread => false;

        public override LaneAffinity Affinity => LaneAffinity.Pool;

        public override void Schedule(Action<object?> work, object? state) => backend.ScheduleBlocking(work, state);
    }
}
