namespace PyAsync.Backends;

/// <summary>
/// Runs work on threads of its own, one by default. A piece of work stays on its thread over all its awaits, so that code which
/// shares a thread needs no locks among itself. Blocking such a thread blocks all work on it: <c>SpawnBlocking</c> is for that.
/// </summary>
public sealed class DedicatedThreadBackend : RuntimeBackend
{
    private readonly ThreadLane[] _lanes;
    private uint _next;

    /// <param name="options">The settings; null for one thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not within 1 to 1,024.</exception>
    public DedicatedThreadBackend(DedicatedThreadOptions? options = null)
    {
        int threads = options?.Threads ?? 1;
        if (threads is < 1 or > 1_024)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), threads, "DedicatedThread:Threads has to be within 1 and 1024; 1 is the default.");
        }

        _lanes = new ThreadLane[threads];
        for (int i = 0; i < threads; i++)
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
