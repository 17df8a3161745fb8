using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lanes;

/// <summary>Runs tasks on a lane, so that <see cref="TaskScheduler.Current"/> and the SynchronizationContext are the lane's for all code that runs there.</summary>
internal sealed class LaneTaskScheduler : TaskScheduler
{
    private readonly LaneSynchronizationContext _context;
    private readonly ILogger _logger;
    private int _queued;

    /// <param name="lane">The lane.</param>
    /// <param name="logger">Receives failures of posted code.</param>
    /// <param name="blockingLimit">The time that code may block the only thread of the lane while the lane has requests in flight.</param>
    public LaneTaskScheduler(WorkLane lane, ILogger logger, TimeSpan blockingLimit)
    {
        Lane = lane;
        _logger = logger;
        _context = new LaneSynchronizationContext(this, blockingLimit);
        Completions = new CompletionQueue(RequestCompletions);
    }

    /// <summary>Gets the queue that completes the Tasks of calls from the lane, so that their continuations run on the lane.</summary>
    public CompletionQueue Completions { get; }

    public WorkLane Lane { get; }

    /// <summary>True if the lane has work to begin, or awaits something whose outcome must be taken on the lane. From any thread; a momentary value.</summary>
    public bool HasRequestsInFlight => Volatile.Read(ref _queued) > 0 || Completions.InFlight > 0;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel =>
        Lane.Affinity is LaneAffinity.Thread or LaneAffinity.Loop ? 1 : base.MaximumConcurrencyLevel;

    /// <summary>Queues a continuation, or the start of an async void method.</summary>
    public void QueuePosted(SendOrPostCallback callback, object? state) =>
        _ = Task.Factory.StartNew(() => RunPosted(callback, state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public void LogBlocked(TimeSpan limit) => _logger.LogError(
        "Code on the only thread of a {Lane} has waited for {Timeout} while the lane had requests in flight; the wait is refused.", Lane.GetType().Name, limit);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        Interlocked.Increment(ref _queued);
        try
        {
            Lane.Schedule(static state => Work.Execute(state), new Work(this, task));
        }
        catch
        {
            Interlocked.Decrement(ref _queued); // The backend has ended.
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Lane.IsCurrentThread && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    private void RequestCompletions(CompletionQueue queue)
    {
        try
        {
            _ = Task.Factory.StartNew(static queue => ((CompletionQueue)queue!).Execute(), queue, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        }
        catch (TaskSchedulerException)
        {
            // The backend has ended, and its threads with it.
            ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: false);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An async void method failed: no code awaits it, so the failure is logged.")]
    private void RunPosted(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Code posted to a lane of {Backend} failed.", Lane.GetType().Name);
        }
    }

    private sealed class Work(LaneTaskScheduler scheduler, Task task)
    {
        public static void Execute(object? state)
        {
            var work = (Work)state!;
            Interlocked.Decrement(ref work.Scheduler._queued);
            SynchronizationContext? before = SynchronizationContext.Current;
            bool wasOnLane = EntryFromPython.IsOnLane;
            if (work.Scheduler.Lane.Affinity == LaneAffinity.Loop)
            {
                EntryFromPython.IsOnLane = LoopSynchronizationContext.OfThread is not null;
            }

            SynchronizationContext.SetSynchronizationContext(work.Scheduler._context);
            try
            {
                work.Scheduler.TryExecuteTask(work.Task);
            }
            finally
            {
                EntryFromPython.IsOnLane = wasOnLane;
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }

        private LaneTaskScheduler Scheduler { get; } = scheduler;

        private Task Task { get; } = task;
    }
}
