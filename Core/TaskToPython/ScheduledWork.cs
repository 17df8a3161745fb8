using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>Work that Python awaits and that starts on a lane. One object is the scheduled item, the awaiter there, and the source of the future.</summary>
internal sealed class ScheduledWork<T>(
    PythonEventLoop loop, EventLoopContext context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, WorkCancellation cancellation, CancelBehavior behavior, bool evenIfCancelled)
    : TaskToAwaitable(loop, cancellation, behavior)
{
    private readonly CancellationToken _token = cancellation.Token;
    private readonly ExecutionContext? _execution = context.EnteredFromHere();
    private Task<T>? _task;

    public override string Name => WorkName.Of(work);

    public override bool IsCall => true;

    public override string? MethodName => WorkName.Of(work);

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
        // The lane calls it, once the work has begun there.
    }

    protected override bool TryTakeResult(out NewReference result, out Exception? failure) =>
        StartedWork.TryTakeResult(_task!, converter, Loop, Cancellation, isCall: true, out result, out failure);

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
        CancellationToken cancellationToken = _token;
        try
        {
            _task = cancellationToken.IsCancellationRequested && !evenIfCancelled
                ? Task.FromCanceled<T>(cancellationToken)
                : work(cancellationToken) ?? throw new InvalidOperationException("The work returned null; it must return a Task.");
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
