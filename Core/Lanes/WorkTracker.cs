namespace PyAsync;

/// <summary>Counts the work that a runtime has started, so that its end can wait for it.</summary>
internal sealed class WorkTracker
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1; // One for the runtime itself, until it ends.

    /// <summary>Done once the runtime has ended and no work runs.</summary>
    public Task Idle => _idle.Task;

    public Task<T> Track<T>(Task<T> work)
    {
        Interlocked.Increment(ref _count);
        work.ContinueWith(
            static (_, tracker) => ((WorkTracker)tracker!).Leave(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return work;
    }

    /// <summary>One piece of work has ended; or, once, the runtime takes no more.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
