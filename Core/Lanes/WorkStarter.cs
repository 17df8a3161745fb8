using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace PyAsync;

/// <summary>Starts work on lanes: straight on the backend where code goes on on the pool anyway, else through the lane's scheduler.</summary>
internal sealed class WorkStarter(ILogger logger)
{
    // Lanes are shared as a rule: one scheduler for each, as long as the backend keeps the lane.
    private readonly ConditionalWeakTable<WorkLane, LaneTaskScheduler> _schedulers = [];

    /// <param name="lane">Where.</param>
    /// <param name="context">The context that the work runs in; null for the caller's.</param>
    /// <param name="work">What.</param>
    /// <param name="ct">The work's token.</param>
    /// <param name="evenIfCancelled">Whether work whose token has fired before it has begun begins all the same.</param>
    public Task<T> Start<T>(
        WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, CancellationToken ct, bool evenIfCancelled = false) =>
        lane.Affinity == LaneAffinity.Pool
            ? StartOnPool(lane, context, work, evenIfCancelled, ct)
            : Task.Factory.StartNew(
                () =>
                {
                    (lane.Affinity == LaneAffinity.Loop ? context?.OnLoop() : context)?.Enter();
                    return work(ct);
                },
                evenIfCancelled ? CancellationToken.None : ct,
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
        _schedulers.GetValue(lane, created => new LaneTaskScheduler(created, logger));

    private static async Task<T> StartOnPool<T>(
        WorkLane lane, EventLoopContext? context, Func<CancellationToken, Task<T>> work, bool evenIfCancelled, CancellationToken ct)
    {
        // What this changes of the ExecutionContext stays within this method and what it calls.
        context?.Enter();
        await new LaneSwitch(lane);
        if (!evenIfCancelled)
        {
            ct.ThrowIfCancellationRequested();
        }

        return await work(ct).ConfigureAwait(false);
    }

    /// <summary>Awaiting it goes on on the lane.</summary>
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
