namespace PyAsync;

/// <summary>
/// A queue for work. The bridge makes a SynchronizationContext and a TaskScheduler from it, so that code which runs on the lane returns to it after
/// each await.
/// </summary>
public abstract class WorkLane
{
    /// <summary>Queues work. Called from any thread; must not run it before returning, nor block.</summary>
    /// <param name="work">Does not throw.</param>
    /// <param name="state">Passed to the work.</param>
    /// <exception cref="ObjectDisposedException">The backend has ended.</exception>
    public abstract void Schedule(Action<object?> work, object? state);

    /// <summary>True if the calling thread is one of the lane's threads.</summary>
    public abstract bool IsCurrentThread { get; }

    /// <summary>Gets where code on the lane continues after an await. Default: back on the lane, and the lane is one thread.</summary>
    public virtual LaneAffinity Affinity => LaneAffinity.Thread;
}
