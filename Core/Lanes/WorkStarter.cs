using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace PyAsync.Lanes;

/// <summary>Starts work on lanes: directly on the backend if the code continues on the pool anyway, else through the lane's scheduler.</summary>
internal sealed class WorkStarter(ILogger logger, TimeSpan blockingLimit)
{
    // Lanes are usually shared: each has one scheduler, as long as the backend keeps the lane.
    private readonly ConditionalWeakTable<WorkLane, LaneTaskScheduler> _schedulers = [];

    /// <param name="lane">The lane to start it on.</param>
    /// <param name="context">The context that the work runs in; null for the caller's.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">The work's token.</param>
    /// <param name="evenIfCancelled">True if the work begins even if its token has fired before.</param>
    public Task<T> Start<T>(
        WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool evenIfCancelled = false) =>
        lane.Affinity == LaneAffinity.Pool
            ? StartOnPool(lane, context, work, evenIfCancelled, cancellationToken)
            : Task.Factory.StartNew(
                () =>
                {
                    (lane.Affinity == LaneAffinity.Loop ? context?.OnLoop() : context)?.Enter();
                    return work(cancellationToken);
                },
                evenIfCancelled ? CancellationToken.None : cancellationToken,
                TaskCreationOptions.DenyChildAttach,
                SchedulerOf(lane)).Unwrap();

    /// <summary>Schedules code that makes its own Task. It does not throw.</summary>
    /// <exception cref="ObjectDisposedException">The backend has ended.</exception>
    public void Schedule(WorkLane lane, Action<object?> code, object state)
    {
        if (lane.Affinity == LaneAffinity.Pool)
        {
            lane.Schedule(code, state);
            return;
        }

        try
        {
            _ = Task.Factory.StartNew(code, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, SchedulerOf(lane));
        }
        catch (TaskSchedulerException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
    }

    private LaneTaskScheduler SchedulerOf(WorkLane lane) =>
        _schedulers.GetValue(lane, created => new LaneTaskScheduler(created, logger, blockingLimit));

    private static async Task<T> StartOnPool<T>(
        WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, bool evenIfCancelled, CancellationToken cancellationToken)
    {
        // The change of the ExecutionContext stays within this method and its callees.
        context?.Enter();
        await new LaneSwitch(lane);
        if (!evenIfCancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await work(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Resumes the awaiting code on the lane.</summary>
    private readonly struct LaneSwitch(WorkLane lane) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public LaneSwitch GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) =>
            lane.Schedule(static state => ((Action)state!)(), continuation);
    }
}
