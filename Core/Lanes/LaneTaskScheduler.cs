using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>Runs tasks on a lane, so that <see cref="TaskScheduler.Current"/> and the SynchronizationContext are the lane's in all that runs there.</summary>
internal sealed class LaneTaskScheduler : TaskScheduler
{
    private readonly LaneSynchronizationContext _context;
    private readonly ILogger _logger;

    public LaneTaskScheduler(WorkLane lane, ILogger logger)
    {
        Lane = lane;
        _logger = logger;
        _context = new LaneSynchronizationContext(this);
        Completions = new CompletionQueue(RequestCompletions);
    }

    /// <summary>Where the Tasks of calls that code on the lane makes are completed: their continuations belong here.</summary>
    public CompletionQueue Completions { get; }

    public WorkLane Lane { get; }

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel =>
        Lane.Affinity is LaneAffinity.Thread or LaneAffinity.Loop ? 1 : base.MaximumConcurrencyLevel;

    /// <summary>A continuation, or the start of an async void method.</summary>
    public void QueuePosted(SendOrPostCallback callback, object? state) =>
        _ = Task.Factory.StartNew(() => RunPosted(callback, state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <inheritdoc/>
    protected override void QueueTask(Task task) =>
        Lane.Schedule(static state => Work.Execute(state), new Work(this, task));

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

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An async void method failed: nobody awaits it, the log is told.")]
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
            SynchronizationContext? before = SynchronizationContext.Current;
            object? laneBefore = EntryFromPython.Lane;
            if (work.Scheduler.Lane.Affinity == LaneAffinity.Loop)
            {
                EntryFromPython.Lane = (EntryFromPython.LoopContext as LoopSynchronizationContext)?.Loop.LaneContext;
            }

            SynchronizationContext.SetSynchronizationContext(work.Scheduler._context);
            try
            {
                work.Scheduler.TryExecuteTask(work.Task);
            }
            finally
            {
                EntryFromPython.Lane = laneBefore;
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }

        private LaneTaskScheduler Scheduler { get; } = scheduler;

        private Task Task { get; } = task;
    }
}
