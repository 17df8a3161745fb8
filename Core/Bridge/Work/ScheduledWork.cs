using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Work that Python awaits and that starts on a lane: what is scheduled, what is awaited there and what completes the future are one
/// object.
/// </summary>
internal sealed class ScheduledWork<T>(
    PythonEventLoop loop, EventLoopContext context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, WorkCancellation cancellation, CancelBehavior behavior, bool evenIfCancelled)
    : TaskToAwaitable(loop, cancellation, behavior)
{
    private readonly CancellationToken _token = cancellation.Token;
    private readonly ExecutionContext? _execution = context.EnteredFromHere();
    private Task<T>? _task;

    /// <summary>Schedules the work and makes the future. The calling thread holds the GIL.</summary>
    public NewReference Start(WorkLane lane, WorkStarter starter)
    {
        NewReference future = Start();
        try
        {
            starter.Schedule(lane, static work => ((ScheduledWork<T>)work!).RunOnLane(), this);
        }
        catch (Exception)
        {
            GiveBack();
            future.Dispose();
            throw;
        }

        PostponedInterrupt.LookForSignals();
        return future;
    }

    protected override void Await()
    {
        // The lane does, once the work has begun there.
    }

    protected override bool TryTakeResult(out NewReference result, out Exception? failure) =>
        StartedWork.TryTakeResult(_task!, converter, Cancellation, out result, out failure);

    protected override Exception? TakeFailure() => _task!.Exception;

    private void RunOnLane()
    {
        if (_execution is null)
        {
            Begin();
        }
        else
        {
            ExecutionContext.Run(_execution, static work => ((ScheduledWork<T>)work!).Begin(), this);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The work's failure, which Python is to see.")]
    private void Begin()
    {
        CancellationToken ct = _token;
        try
        {
            _task = ct.IsCancellationRequested && !evenIfCancelled
                ? Task.FromCanceled<T>(ct)
                : work(ct) ?? throw new InvalidOperationException("The work gave null; it has to give a Task.");
        }
        catch (OperationCanceledException e) when (!ExceptionToPython.IsTimeout(e))
        {
            _task = Task.FromCanceled<T>(e.CancellationToken.IsCancellationRequested ? e.CancellationToken : new CancellationToken(canceled: true));
        }
        catch (Exception e)
        {
            _task = Task.FromException<T>(e);
        }

        if (_task.IsCompleted)
        {
            OnWorkCompleted();
        }
        else
        {
            _task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);
        }
    }
}
