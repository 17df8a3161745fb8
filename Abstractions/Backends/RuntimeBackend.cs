namespace PyAsync;

/// <summary>
/// Says where .NET work runs. All that a backend has to write: everything else (loops, conversions, cancellation,
/// shutdown) is the bridge's and the same for all.
/// </summary>
/// <remarks>Held to the conformance suite of PyAsync.Testing: derive from its classes to run it.</remarks>
public abstract class RuntimeBackend : IAsyncDisposable
{
    /// <summary>The name in configuration and logs.</summary>
    public abstract string Name { get; }

    /// <summary>The lane that one piece of work runs on. Called for each piece, from any thread; lanes may be shared.</summary>
    /// <param name="loop">The loop that the work belongs to.</param>
    public abstract WorkLane OpenLane(EventLoop loop);

    /// <summary>Runs work that blocks. Called from any thread; must not run it before returning.</summary>
    /// <param name="work">Does not throw.</param>
    /// <param name="state">Passed to the work.</param>
    public virtual void ScheduleBlocking(Action<object?> work, object? state)
    {
        ArgumentNullException.ThrowIfNull(work);
        new Thread(() => work(state)) { IsBackground = true, Name = $"PyAsync {Name} blocking" }.Start();
    }

    /// <summary>Called once, before any work.</summary>
    /// <param name="start">What the runtime offers its backend.</param>
    /// <param name="ct">Gives up the start.</param>
    public virtual ValueTask StartAsync(BackendStart start, CancellationToken ct) => default;

    /// <summary>Called once, after the last piece of work has ended or was given up.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
