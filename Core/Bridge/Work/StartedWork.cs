using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>Makes Python awaitables of work that has been started: done ones of what is done already, which cost no turn of the loop.</summary>
internal static class StartedWork
{
    /// <summary>The calling thread holds the GIL.</summary>
    public static NewReference IntoPy<T>(
        PythonEventLoop loop, Task<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior)
    {
        if (!work.IsCompleted)
        {
            return new OfTask<T>(loop, work, converter, cancellation, behavior).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, converter.ToReference(work.Result)) : Failed(loop, work);
    }

    /// <inheritdoc cref="IntoPy{T}(PythonEventLoop, Task{T}, PyConverter{T}, WorkCancellation?, CancelBehavior)"/>
    public static NewReference IntoPy(PythonEventLoop loop, Task work, WorkCancellation? cancellation, CancelBehavior behavior)
    {
        if (!work.IsCompleted)
        {
            return new OfResultlessTask(loop, work, cancellation, behavior).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, None()) : Failed(loop, work);
    }

    /// <inheritdoc cref="IntoPy{T}(PythonEventLoop, Task{T}, PyConverter{T}, WorkCancellation?, CancelBehavior)"/>
    public static NewReference IntoPy<T>(
        PythonEventLoop loop, ValueTask<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior)
    {
        if (!work.IsCompleted)
        {
            return new OfValueTask<T>(loop, work, converter, cancellation, behavior).Start();
        }

        loop.ThrowIfClosed();
        return work.IsCompletedSuccessfully ? FutureObject.NewFinished(loop.Reference, loop.WeakReference, converter.ToReference(work.Result)) : Failed(loop, work.AsTask());
    }

    /// <summary>How a Task, which is done, has ended: see <see cref="TaskToAwaitable.TryTakeResult"/>.</summary>
    public static bool TryTakeResult<T>(Task<T> work, PyConverter<T> converter, WorkCancellation? cancellation, out NewReference result, out Exception? failure)
    {
        if (work.IsCompletedSuccessfully)
        {
            return TryConvert(work.Result, converter, out result, out failure);
        }

        result = default;
        failure = FailureOf(work, cancellation);
        return false;
    }

    private static NewReference None() => NewReference.From(PythonInterpreter.Current.None);

    private static NewReference Failed(PythonEventLoop loop, Task work) =>
        FailureOf(work, null) is { } failure
            ? FutureObject.NewFailed(loop.Reference, ExceptionToPython.Convert(failure))
            : FutureObject.NewCancelled(loop.Reference);

    /// <summary>What a Task, which is done, has failed with; null if it has succeeded or was cancelled.</summary>
    /// <remarks>HttpClient ends a Task as cancelled when its own time is up. Nobody has cancelled that: it is a failure, which is in the exception alone.</remarks>
    private static Exception? FailureOf(Task work, WorkCancellation? cancellation)
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
            return ExceptionToPython.IsTimeout(e) ? e : null;
        }
    }

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
    private sealed class OfTask<T>(PythonEventLoop loop, Task<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure) =>
            StartedWork.TryTakeResult(work, converter, Cancellation, out result, out failure);

        protected override Exception? TakeFailure() => work.Exception;
    }

    /// <summary>Work without a result: Python gets None.</summary>
    private sealed class OfResultlessTask(PythonEventLoop loop, Task work, WorkCancellation? cancellation, CancelBehavior behavior)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure)
        {
            result = work.IsCompletedSuccessfully ? None() : default;
            failure = FailureOf(work, Cancellation);
            return work.IsCompletedSuccessfully;
        }

        protected override Exception? TakeFailure() => work.Exception;
    }

    /// <summary>Work whose source may be used again once its outcome has been taken: no Task is made of it.</summary>
    private sealed class OfValueTask<T>(PythonEventLoop loop, ValueTask<T> work, PyConverter<T> converter, WorkCancellation? cancellation, CancelBehavior behavior)
        : TaskToAwaitable(loop, cancellation, behavior)
    {
        protected override void Await() => work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnWorkCompleted);

        protected override bool TryTakeResult(out NewReference result, out Exception? failure)
        {
            if (TryTakeValue(out T? value, out failure))
            {
                return TryConvert(value!, converter, out result, out failure);
            }

            result = default;
            return false;
        }

        protected override Exception? TakeFailure()
        {
            TryTakeValue(out _, out Exception? failure);
            return failure;
        }

        [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Handed on.")]
        private bool TryTakeValue(out T? value, out Exception? failure)
        {
            value = default;
            failure = null;
            try
            {
                value = work.GetAwaiter().GetResult();
                return true;
            }
            catch (OperationCanceledException e) when (!ExceptionToPython.IsTimeout(e))
            {
                return false;
            }
            catch (Exception e)
            {
                failure = e;
                return false;
            }
        }
    }
}
