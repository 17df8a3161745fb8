namespace PyAsync;

/// <summary>
/// Runs work on dedicated threads, one by default. A piece of work stays on its thread after each await, so code that shares a thread needs no locks.
/// Blocking such a thread blocks all work on it: use <c>SpawnBlocking</c> instead.
/// </summary>
public sealed class DedicatedThreadBackend : RuntimeBackend
{
    private readonly ThreadLane[] _lanes;
    private uint _next;

    /// <param name="options">The settings; null for one thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not within 1 to 1,024.</exception>
    public DedicatedThreadBackend(DedicatedThreadOptions? options = null)
    {
        options ??= new DedicatedThreadOptions();
        if (options.Problem is { } problem)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, problem);
        }

        _lanes = new ThreadLane[options.Threads];
        for (int i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new ThreadLane($"PyAsync work {i + 1}");
        }
    }

    /// <inheritdoc/>
    public override string Name => "DedicatedThread";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lanes[Interlocked.Increment(ref _next) % _lanes.Length];

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (ThreadLane lane in _lanes)
        {
            await lane.EndAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }
}
