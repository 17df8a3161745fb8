using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>Makes Python awaitables of work that has been started. Completed work gives an awaitable that is done, which needs no turn of the loop.</summary>
internal static class StartedWork
{
    /// <summary>Makes the awaitable. The calling thread holds the GIL.</summary>
    /// <param name="loop">The loop that the awaitable belongs to.</param>
    /// <param name="work">The work.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellation">The source of the work's token; null if it was given none.</param>
    /// <param name="behavior">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <param name="isCall">
    /// True for the call of a function, which ends with a TimeoutError if its own token ended it. A Task that was passed in is
    /// like a future, which other code may cancel.
    /// </param>
    public static NewReference IntoPy<T>(
        PythonEventLoop loop, Task<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
    {
        if (!work.IsCompleted)
        {
            return new OfTask<T>(loop, work, converter, cancellation, behavior, isCall).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, converter.ToReference(work.Result)) : Failed(loop, work, isCall);
    }

    /// <inheritdoc cref="IntoPy{T}(PythonEventLoop, Task{T}, PyConverter{T}, WorkCancellation?, CancelBehavior, bool)"/>
    public static NewReference IntoPy(PythonEventLoop loop, Task work, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
    {
        if (!work.IsCompleted)
        {
            return new OfResultlessTask(loop, work, cancellation, behavior, isCall).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, None()) : Failed(loop, work, isCall);
    }

    /// <inheritdoc cref="IntoPy{T}(PythonEventLoop, Task{T}, PyConverter{T}, WorkCancellation?, CancelBehavior, bool)"/>
    public static NewReference IntoPy<T>(
        PythonEventLoop loop, ValueTask<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
    {
        if (!work.IsCompleted)
        {
            return new OfValueTask<T>(loop, work, converter, cancellation, behavior, isCall).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, converter.ToReference(work.Result)) : Failed(loop, work.AsTask(), isCall);
    }

    /// <summary>Gets the outcome of a completed Task; see <see cref="TaskToAwaitable.TryTakeResult"/>.</summary>
    public static bool TryTakeResult<T>(
        Task<T> work, PyConverter<T> converter, PythonEventLoop loop, WorkCancellation? cancellation, bool isCall, out NewReference result, out Exception? failure)
    {
        if (work.IsCompletedSuccessfully)
        {
            return TryConvert(work.Result, converter, out result, out failure);
        }

        result = default;
        failure = FailureOf(work, loop, cancellation, isCall);
        return false;
    }

    private static NewReference None() => NewReference.From(InterpreterState.Current.None);

    private static NewReference Failed(PythonEventLoop loop, Task work, bool isCall) =>
        FailureOf(work, loop, null, isCall) is { } failure
            ? FutureObject.NewFailed(loop.Reference, ExceptionToPython.Convert(failure))
            : FutureObject.NewCancelled(loop.Reference);

    /// <summary>Gets the exception of a completed Task; null if the Task has succeeded or was cancelled.</summary>
    /// <remarks>HttpClient ends a Task as cancelled when its time-out is over. That is a failure, and only the exception shows it.</remarks>
    private static Exception? FailureOf(Task work, PythonEventLoop loop, WorkCancellation? cancellation, bool isCall)
    {
        if (!work.IsCanceled || cancellation is { IsCancellationRequested: true })
        {
            return work.Exception;
        }

        try
        {
            work.GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException e)
        {
            return IsTimeout(e, loop, cancellation, isCall) ? e : null;
        }
    }

    private static bool IsTimeout(OperationCanceledException exception, PythonEventLoop loop, WorkCancellation? cancellation, bool isCall) =>
        isCall ? OwnToken.IsTimeout(exception, loop, cancellation) : ExceptionToPython.IsTimeout(exception);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A result that does not convert is Python's failure to see.")]
    private static bool TryConvert<T>(T value, PyConverter<T> converter, out NewReference result, out Exception? failure)
    {
        try
        {
            result = converter.ToReference(value);
            failure = null;
            return true;
        }
        catch (Exception e)
        {
            result = default;
            failure = e;
            return false;
        }
    }

    /// <summary>Work with a result.</summary>
    private sealed class OfTask<T>(PythonEventLoop loop, Task<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        public override bool IsCall => isCall;

        public override string? MethodName => WorkName.OfAsyncMethod(work);

        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure) =>
            StartedWork.TryTakeResult(work, converter, Loop, Cancellation, isCall, out result, out failure);

        protected override Exception? TakeFailure() => work.Exception;
    }

    /// <summary>Work without a result: Python gets None.</summary>
    private sealed class OfResultlessTask(PythonEventLoop loop, Task work, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        public override bool IsCall => isCall;

        public override string? MethodName => WorkName.OfAsyncMethod(work);

        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure)
        {
            result = work.IsCompletedSuccessfully ? None() : default;
            failure = FailureOf(work, Loop, Cancellation, isCall);
            return work.IsCompletedSuccessfully;
        }

        protected override Exception? TakeFailure() => work.Exception;
    }

    /// <summary>
    /// Work whose source may be reused once its outcome has been taken: no Task is made of it unless it fails. A Task behind it has all exceptions, and
    /// gives them without another throw.
    /// </summary>
    private sealed class OfValueTask<T>(PythonEventLoop loop, ValueTask<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior, bool isCall)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        public override bool IsCall => isCall;

        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure)
        {
            if (work.IsCompletedSuccessfully)
            {
                return TryConvert(work.Result, converter, out result, out failure);
            }

            result = default;
            failure = FailureOf(work.AsTask(), Loop, Cancellation, isCall);
            return false;
        }

        protected override Exception? TakeFailure()
        {
            // Also of work that has succeeded: taking the outcome lets the source be reused.
            Task<T> task = work.AsTask();
            return task.Exception;
        }
    }
}
