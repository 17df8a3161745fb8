namespace PyAsync;

internal sealed partial class Runtime
{
    public Task Spawn(Func<CancellationToken, Task> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Spawn(token => WithoutResult(work(token)), ct);
    }

    public Task<T> Spawn<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfEnding();
        return Start(_backend.OpenLane(Resolve(null).Loop), work, ct);
    }

    public Task SpawnBlocking(Action<CancellationToken> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SpawnBlocking<object?>(
            token =>
            {
                work(token);
                return null;
            },
            ct);
    }

    public Task<T> SpawnBlocking<T>(Func<CancellationToken, T> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfEnding();
        return Start(new BlockingLane(_backend), token => Task.FromResult(work(token)), ct);
    }

    public Task SpawnPinned(Func<CancellationToken, Task> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SpawnPinned(token => WithoutResult(work(token)), ct);
    }

    public Task<T> SpawnPinned<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfEnding();
        WorkLane lane = _backend.OpenLane(Resolve(null).Loop);
        if (lane.Affinity is LaneAffinity.Thread or LaneAffinity.Loop)
        {
            return Start(lane, work, ct);
        }

        var own = new PinnedLane($"PyAsync {_backend.Name} pinned");
        Task<T> started = Start(own, work, ct);
        started.ContinueWith(
            static (_, lane) => ((PinnedLane)lane!).End(),
            own,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return started;
    }

    private Task<T> Start<T>(WorkLane lane, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        if (!ct.CanBeCanceled)
        {
            return _tracker.Track(_starter.Start(lane, null, work, _stopping.Token));
        }

        return _tracker.Track(StartLinked(lane, work, ct));
    }

    private async Task<T> StartLinked<T>(WorkLane lane, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        try
        {
            return await _starter.Start(lane, null, work, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (ct.IsCancellationRequested && e.CancellationToken == linked.Token)
        {
            // The caller knows his own token, not the linked one.
            throw new OperationCanceledException(e.Message, e, ct);
        }
    }

    /// <summary>Where the backend says that blocking work runs. Continuations of it, if it has any, go on on the pool.</summary>
    private sealed class BlockingLane(RuntimeBackend backend) : WorkLane
    {
        public override bool IsCurrentThread => false;

        public override LaneAffinity Affinity => LaneAffinity.Pool;

        public override void Schedule(Action<object?> work, object? state) => backend.ScheduleBlocking(work, state);
    }
}
