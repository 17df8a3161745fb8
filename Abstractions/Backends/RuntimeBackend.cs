namespace PyAsync;

/// <summary>
/// Decides where .NET work runs. A backend author writes this class and a <see cref="WorkLane"/>; the bridge provides everything else (loops,
/// conversions, cancellation, shutdown), in the same way for all backends.
/// </summary>
/// <remarks>The conformance suite of PyAsync.Testing checks a backend: derive from its classes to run it.</remarks>
public abstract class RuntimeBackend : IAsyncDisposable
{
    /// <summary>Gets the name that configuration and logs use.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the lane that one piece of work runs on. Called for each piece, from any thread; lanes may be shared.</summary>
    /// <param name="loop">The loop that the work belongs to.</param>
    public abstract WorkLane OpenLane(EventLoop loop);

    /// <summary>Runs work that blocks. Called from any thread; must not run it before returning.</summary>
    /// <param name="work">Does not throw.</param>
    /// <param name="state">Passed to the work.</param>
    public virtual void ScheduleBlocking(Action<object?> work, object? state)
    {
        ArgumentNullException.ThrowIfNull(work);

        // The thread must not carry the creator's ExecutionContext: each work item restores its own.
        new Thread(() => work(state)) { IsBackground = true, Name = $"PyAsync {Name} blocking" }.UnsafeStart();
    }

    /// <summary>Called once, before any work.</summary>
    /// <param name="start">The services that the runtime provides.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public virtual ValueTask StartAsync(BackendStart start, CancellationToken cancellationToken) => default;

    /// <summary>Called once, after the last piece of work has ended or was abandoned.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
