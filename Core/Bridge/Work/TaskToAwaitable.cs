using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// .NET work that Python awaits: it completes the Python future once the work is done. The inbox item and the future's source in one.
/// </summary>
/// <remarks>
/// It owns a reference to the future while the work runs: asyncio itself holds a task that awaits only weakly, and without this
/// nobody would keep the two alive.
/// </remarks>
internal abstract class TaskToAwaitable(PythonEventLoop loop, WorkCancellation? cancellation, CancelBehavior behavior) : FutureSource, IInboxItem
{
    private OwnedReference _future;
    private int _number;

    public IInboxItem? Next { get; set; }

    internal BorrowedReference Future => _future.Borrow();

    /// <summary>The source of the work's token; null if it was given none.</summary>
    protected WorkCancellation? Cancellation => cancellation;

    /// <summary>Makes the Python future of work that is under way. The calling thread holds the GIL.</summary>
    public NewReference Start()
    {
        loop.ThrowIfClosed();
        NewReference future = FutureObject.NewPending(loop.Reference, this);
        _future.Set(NewReference.From(future.Borrow()));
        _number = loop.AddWork(this);
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
        loop.RemoveWork(_number);
        using NewReference future = _future.Take();
        if (future.IsNull)
        {
            return true; // Settled already, when the runtime gave up waiting.
        }

        if (FutureObject.IsDone(future.Borrow()))
        {
            ReportIfFailed();
            return true;
        }

        return Complete(future.Borrow());
    }

    public void Abandon(Exception reason)
    {
        _future.Clear();
        ReportIfFailed();
    }

    /// <summary>The loop has closed: nothing will run on it any more, the work is asked to end.</summary>
    internal void LoopClosed()
    {
        cancellation?.Request();
        using NewReference future = _future.Take();
        if (!future.IsNull)
        {
            FutureObject.Drop(future.Borrow());
        }
    }

    /// <summary>The loop's runtime gives up waiting: Python's side ends as cancelled, the work is asked to end.</summary>
    internal void GiveUp()
    {
        cancellation?.Request();
        using NewReference future = _future.Take();
        if (!future.IsNull && !FutureObject.SetCancelled(future.Borrow(), ready: null))
        {
            PythonErrors.Forget();
        }
    }

    /// <summary>The work could not be started after all.</summary>
    protected void GiveBack()
    {
        loop.RemoveWork(_number);
        GiveUp();
    }

    /// <summary>Has <see cref="OnWorkCompleted"/> run once the work is done.</summary>
    protected abstract void Await();

    /// <summary>The work is done: the future is completed on the loop. On any thread.</summary>
    protected void OnWorkCompleted()
    {
        if (!loop.TryPost(this))
        {
            ReportIfFailed();
        }
    }

    /// <summary>How the work, which is done, has ended. Asked for once.</summary>
    /// <param name="result">The converted result; NULL if there is none.</param>
    /// <param name="failure">What the work, or the conversion, has failed with; null if the work has succeeded or was cancelled.</param>
    /// <returns>Whether it has succeeded.</returns>
    protected abstract bool TryTakeResult(out NewReference result, out Exception? failure);

    /// <summary>
    /// What the work, which is done, has failed with, when nobody wants its result: null if it has succeeded or was cancelled. On any
    /// thread, without the GIL, also after the end of Python. Asked for once, instead of <see cref="TryTakeResult"/>.
    /// </summary>
    protected abstract Exception? TakeFailure();

    private bool Complete(BorrowedReference future) =>
        TryTakeResult(out NewReference result, out Exception? failure) ? FutureObject.SetResult(future, result, loop.Ready)
            : failure is null ? FutureObject.SetCancelled(future, loop.Ready)
            : SetFailed(future, failure, loop.Ready);

    private static bool SetFailed(BorrowedReference future, Exception exception, ReadyCallbacks ready)
    {
        NewReference error = ExceptionToPython.Convert(exception);
        if (CPython.PyErr_GivenExceptionMatches(error.Borrow(), PythonInterpreter.Current.Objects.CancelledError) == 0)
        {
            return FutureObject.SetException(future, error, ready);
        }

        error.Dispose();
        return FutureObject.SetCancelled(future, ready);
    }

    private void ReportIfFailed()
    {
        if (TakeFailure() is { } failure)
        {
            loop.ReportUnobserved("Work that Python had cancelled, or whose loop had closed, failed.", failure is AggregateException { InnerExceptions: [var only] } ? only : failure);
        }
    }
}
