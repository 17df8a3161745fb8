using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Loops;

/// <summary>
/// Passes the outcomes of requests from the loop's thread to the place where their Tasks complete: the thread pool, a lane, or this thread once
/// Python's code has returned. The GIL guards fields without a remark.
/// </summary>
internal sealed class LoopCompletions(PythonEventLoop loop)
{
    private readonly CompletionQueue _onPool = CompletionQueue.OnPool();
    private readonly List<CompletionQueue> _onLanes = [];
    private readonly Queue<ICompletion> _onLoop = new();
    private readonly List<Task> _settling = [];

    /// <summary>Passes an outcome to the thread that completes its Task.</summary>
    public void Add(ICompletion completion, CompletionRoute? route)
    {
        if (route == CompletionRoute.OnLoop && !loop.IsClosed && !loop.IsAbandoned)
        {
            _onLoop.Enqueue(completion);
            loop.ScheduleDrain();
            return;
        }

        if (loop.EndReason is not null)
        {
            _settling.Add(completion.Task);
        }

        CompletionQueue queue = route as CompletionQueue ?? _onPool;
        queue.Add(completion);
        if (!loop.IsDrainScheduled)
        {
            queue.Flush();
        }
        else if (queue != _onPool && !_onLanes.Contains(queue))
        {
            _onLanes.Add(queue);
        }
    }

    /// <summary>Takes an outcome whose Task completes on the loop's thread.</summary>
    public bool TryTakeOnLoop([NotNullWhen(true)] out ICompletion? completion) => _onLoop.TryDequeue(out completion);

    /// <summary>Passes the outcomes that were added to their threads.</summary>
    public void Flush()
    {
        _onPool.Flush();
        foreach (CompletionQueue queue in _onLanes)
        {
            queue.Flush();
        }

        _onLanes.Clear();
    }

    /// <summary>Moves outcomes that were to complete on the loop's thread to the thread pool. Called when the loop has closed or is blocked.</summary>
    public void LeaveLoop()
    {
        while (_onLoop.TryDequeue(out ICompletion? completion))
        {
            _onPool.Add(completion);
        }

        Flush();
    }

    /// <summary>Waits for the Tasks that the end of the loop's runtime has settled, and that the thread pool is about to complete. Called once, after the end.</summary>
    /// <remarks>
    /// A Task holds its exception, the exception holds the frames of the coroutine, and a frame may hold a function of this runtime. The loop must not
    /// hold the Tasks any longer: otherwise a runtime that has ended would be part of a reference cycle that neither garbage collector can collect.
    /// </remarks>
    public Task WhenSettled()
    {
        Task settled = Task.WhenAll(_settling.ConvertAll(static task =>
            task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        _settling.Clear();
        return settled;
    }
}
