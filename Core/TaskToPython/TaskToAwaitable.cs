using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>.NET work that Python awaits: it completes the Python future when the work is done. The inbox item and the future's source in one object.</summary>
/// <remarks>It owns a reference to the future while the work runs: asyncio holds a waiting task only weakly, so without this reference both could be freed.</remarks>
internal abstract class TaskToAwaitable(PythonEventLoop loop, WorkCancellation? cancellation, CancelBehavior behavior) : FutureSource, IInboxItem, IAwaitedWork
{
    private OwnedReference _future;
    private int _number;

    public IInboxItem? Next { get; set; }

    public bool WaitsItsTurn => false;

    public BorrowedReference Future => _future.Borrow();

    /// <summary>Gets the work's name, for messages.</summary>
    public virtual string Name => "a Task";

    public abstract bool IsCall { get; }

    /// <summary>Gets the loop that the future belongs to.</summary>
    protected PythonEventLoop Loop => loop;

    /// <summary>Gets the source of the work's token; null if it was given none.</summary>
    protected WorkCancellation? Cancellation => cancellation;

    /// <summary>Makes the Python future of running work. The calling thread holds the GIL.</summary>
    public NewReference Start()
    {
        loop.ThrowIfClosed();
        NewReference future = FutureObject.NewPending(loop.Reference, this);
        _future.Set(NewReference.From(future.Borrow()));
        _number = loop.Work.Add(this);
        Await();
        PostponedInterrupt.LookForSignals();
        return future;
    }

    /// <inheritdoc/>
    public sealed override bool Cancel()
    {
        cancellation?.Request();
        return behavior == CancelBehavior.Abandon;
    }

    public bool Run(PythonEventLoop loop)
    {
        loop.Work.Remove(_number);
        using NewReference future = _future.Take();
        if (future.IsNull)
        {
            return true; // Settled already, when the runtime stopped waiting.
        }

        if (FutureObject.IsDone(future.Borrow()))
        {
            ReportIfFailed();
            return true;
        }

        Complete(future.Borrow());
        return true;
    }

    public void Abandon(Exception reason)
    {
        _future.Clear();
        ReportIfFailed();
    }

    /// <summary>Called when the loop has closed: nothing runs on it any more. Requests the cancellation of the work.</summary>
    public void LoopClosed()
    {
        cancellation?.Request();
        using NewReference future = _future.Take();
        if (!future.IsNull)
        {
            FutureObject.Drop(future.Borrow());
        }
    }

    /// <summary>Called when the loop's runtime stops waiting: the Python side ends as cancelled. Requests the cancellation of the work.</summary>
    public void GiveUp()
    {
        cancellation?.Request();
        using NewReference future = _future.Take();
        if (!future.IsNull && !FutureObject.IsDone(future.Borrow()) && !FutureObject.CancelNow(future.Borrow()))
        {
            PythonErrors.Forget();
        }
    }

    /// <summary>Undoes the start. Called when the work could not be started.</summary>
    protected void GiveBack()
    {
        loop.Work.Remove(_number);
        GiveUp();
    }

    /// <summary>Registers <see cref="OnWorkCompleted"/> as the continuation of the work.</summary>
    protected abstract void Await();

    /// <summary>Called when the work is done: the future is completed on the loop. On any thread.</summary>
    protected void OnWorkCompleted()
    {
        if (!loop.TryPost(this))
        {
            ReportIfFailed();
        }
    }

    /// <summary>Gets the outcome of the work, which is done. Called once.</summary>
    /// <param name="result">The converted result; NULL if there is none.</param>
    /// <param name="failure">The exception of the work, or of the conversion; null if the work has succeeded or was cancelled.</param>
    /// <returns>True if the work has succeeded.</returns>
    protected abstract bool TryTakeResult(out NewReference result, out Exception? failure);

    /// <summary>
    /// Gets the exception of the work, which is done, when its result is not needed: null if it has succeeded or was cancelled. On any
    /// thread, without the GIL, also after the end of Python. Called once, instead of <see cref="TryTakeResult"/>.
    /// </summary>
    protected abstract Exception? TakeFailure();

    private void Complete(BorrowedReference future)
    {
        if (TryTakeResult(out NewReference result, out Exception? failure))
        {
            FutureObject.SetResult(future, result, loop.Ready);
        }
        else if (failure is null)
        {
            FutureObject.SetCancelled(future, loop.Ready);
        }
        else
        {
            SetFailed(future, failure);
        }
    }

    private void SetFailed(BorrowedReference future, Exception exception)
    {
        NewReference error = ExceptionToPython.Convert(exception);
        if (CPython.PyErr_GivenExceptionMatches(error.Borrow(), WellKnownObjects.Current.CancelledError) == 0)
        {
            FutureObject.SetException(future, error, loop.Ready);
            return;
        }

        error.Dispose();
        FutureObject.SetCancelled(future, loop.Ready);
    }

    private void ReportIfFailed()
    {
        if (TakeFailure() is { } failure)
        {
            loop.ReportUnobserved("Work that Python had cancelled, or whose loop had closed, failed.", failure is AggregateException { InnerExceptions: [var only] } ? only : failure);
        }
    }
}
