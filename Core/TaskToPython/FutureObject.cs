using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// Creates and completes a <c>pyasync.Future</c> for .NET. Every member runs on the loop's thread with the GIL held, except creation.
/// </summary>
internal static unsafe class FutureObject
{
    /// <summary>Creates a future that <paramref name="source"/> will complete.</summary>
    public static NewReference NewPending(BorrowedReference loop, FutureSource source)
    {
        NewReference created = New(loop);
        Layout(created.Borrow())->Source = Sources.Add(source) + 1;
        Layout(created.Borrow())->WasPending = 1;
        return created;
    }

    /// <summary>Creates a future that is done: awaiting it takes no turn of the loop. Takes the value.</summary>
    /// <param name="loop">Its loop.</param>
    /// <param name="weakLoop">A weak reference to the loop.</param>
    /// <param name="value">Its result.</param>
    public static NewReference NewFinished(BorrowedReference loop, BorrowedReference weakLoop, NewReference value)
    {
        NewReference created = WellKnownObjects.Current.IsAtom(value.Borrow()) ? NewUntracked(weakLoop) : New(loop);
        FutureLayout* future = Layout(created.Borrow());
        future->State = FutureState.Finished;
        future->Result.Set(value);
        return created;
    }

    /// <summary>Creates a future that has failed. Takes the exception.</summary>
    public static NewReference NewFailed(BorrowedReference loop, NewReference exception)
    {
        NewReference created = New(loop);
        Fail(Layout(created.Borrow()), exception);
        return created;
    }

    /// <summary>Creates a future that is cancelled.</summary>
    public static NewReference NewCancelled(BorrowedReference loop)
    {
        NewReference created = New(loop);
        Layout(created.Borrow())->State = FutureState.Cancelled;
        return created;
    }

    /// <summary>
    /// Creates a cancelled future in the place of one with another outcome, for the wake-up of a task that was cancelled while it waited: the task gets
    /// CancelledError, whose <c>__context__</c> is the failure of the work, and the real future keeps its result.
    /// </summary>
    public static NewReference NewStandIn(FutureLayout* future)
    {
        NewReference created = NewCancelled(future->Loop.Borrow());
        Layout(created.Borrow())->CancelMessage.Set(NewReference.From(future->CancelMessage.Borrow()));
        Layout(created.Borrow())->Exception.Set(NewReference.From(future->Exception.Borrow()));
        future->LogTraceback = 0;
        return created;
    }

    /// <summary>Keeps an object alive while a future is pending.</summary>
    public static void KeepWhilePending(BorrowedReference self, BorrowedReference kept)
    {
        FutureLayout* future = Layout(self);
        if (!future->IsDone)
        {
            future->Traceback.Set(NewReference.From(kept));
        }
    }

    public static bool IsDone(BorrowedReference self) => Layout(self)->IsDone;

    /// <summary>Completes the future and wakes its awaiters. Does nothing if it is done. Takes the value.</summary>
    /// <param name="self">The future.</param>
    /// <param name="value">Its result.</param>
    /// <param name="ready">See <see cref="FutureCallbacks.RunAll"/>.</param>
    public static void SetResult(BorrowedReference self, NewReference value, ReadyCallbacks ready)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            value.Dispose();
            return;
        }

        future->Result.Set(value);
        future->State = FutureState.Finished;
        WakeAll(self, ready);
        future->Traceback.Clear();
    }

    /// <summary>Fails the future, as <see cref="SetResult"/> completes it. Takes the exception.</summary>
    public static void SetException(BorrowedReference self, NewReference exception, ReadyCallbacks ready)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            exception.Dispose();
            return;
        }

        Fail(future, exception);
        WakeAll(self, ready);
    }

    /// <summary>Cancels the future, as <see cref="SetResult"/> completes it.</summary>
    public static void SetCancelled(BorrowedReference self, ReadyCallbacks ready)
    {
        FutureLayout* future = Layout(self);
        if (!future->IsDone)
        {
            future->State = FutureState.Cancelled;
            WakeAll(self, ready);
            future->Traceback.Clear();
        }
    }

    /// <summary>Makes a pending future cancelled without waking its awaiters: its loop is closed.</summary>
    public static void Drop(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        if (!future->IsDone)
        {
            future->State = FutureState.Cancelled;
            ReleaseSource(future);
            future->Traceback.Clear();
            FutureCallbacks.Clear(future);
        }
    }

    /// <summary>Gets the outcome for <c>result()</c>: the value, or NULL with the failure as the current error.</summary>
    internal static NewReference Outcome(FutureLayout* future)
    {
        if (future->State == FutureState.Cancelled)
        {
            NewReference cancelled = CancelledError(future);
            if (!cancelled.IsNull && future->Exception.IsNull)
            {
                PythonErrors.Raise(cancelled);
            }
            else if (!cancelled.IsNull)
            {
                CPython.PyErr_SetRaisedException(cancelled); // Its context is the failure that it replaces.
            }

            return default;
        }

        if (future->Exception.IsNull)
        {
            return NewReference.From(future->Result.Borrow());
        }

        future->LogTraceback = 0;
        BorrowedReference traceback = future->Traceback.IsNull ? InterpreterState.Current.None : future->Traceback.Borrow();
        _ = CPython.PyException_SetTraceback(future->Exception.Borrow(), traceback);
        PythonErrors.Raise(NewReference.From(future->Exception.Borrow()));
        return default;
    }

    /// <summary>Creates a CancelledError with the message that was passed to <c>cancel()</c>.</summary>
    internal static NewReference CancelledError(FutureLayout* future)
    {
        BorrowedReference type = WellKnownObjects.Current.CancelledError;
        NewReference error = future->CancelMessage.IsNull || future->CancelMessage.Borrow().IsNone
            ? type.Call()
            : type.Call(future->CancelMessage.Borrow());
        if (!error.IsNull && !future->Exception.IsNull)
        {
            CPython.PyException_SetContext(error.Borrow(), NewReference.From(future->Exception.Borrow()).Steal());
        }

        return error;
    }

    /// <summary>Cancels a pending future at once and schedules its callbacks by <c>call_soon</c>.</summary>
    /// <returns>False with the error set if that fails.</returns>
    internal static bool CancelNow(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        future->State = FutureState.Cancelled;
        ReleaseSource(future);
        using NewReference kept = NewReference.From(self);
        future->Traceback.Clear();
        return FutureCallbacks.RunAll(self, ready: null);
    }

    /// <summary>Gets the source of a future; null once it is done.</summary>
    internal static FutureSource? SourceOf(FutureLayout* future) => Sources.Find((int)future->Source - 1);

    internal static void ReleaseSource(FutureLayout* future)
    {
        if (future->Source != 0)
        {
            Sources.Take((int)future->Source - 1);
            future->Source = 0;
        }
    }

    /// <summary>Gets the loop of a future; NULL with the error set if the loop is gone: a future that was created done does not keep it alive.</summary>
    internal static NewReference LoopOf(FutureLayout* future)
    {
        if (future->IsUntracked == 0)
        {
            return NewReference.From(future->Loop.Borrow());
        }

        NewReference loop = future->Loop.Borrow().Call();
        if (loop.IsNull || !loop.Borrow().IsNone)
        {
            return loop;
        }

        loop.Dispose();
        PythonErrors.Set("RuntimeError", "the event loop of this future is gone");
        return default;
    }

    internal static FutureLayout* Layout(BorrowedReference self) => (FutureLayout*)self.Pointer;

    private static NumberedItems<FutureSource> Sources => FutureStore.Current.Sources;

    private static NewReference New(BorrowedReference loop)
    {
        NewReference created = FutureStore.Current.Memory.Take();
        if (created.IsNull)
        {
            created = Allocate();
        }
        else
        {
            Layout(created.Borrow())->IsUntracked = 0;
            CPython.PyObject_GC_Track(created.Pointer);
        }

        Layout(created.Borrow())->Loop.Set(NewReference.From(loop));
        return created;
    }

    private static NewReference NewUntracked(BorrowedReference weakLoop)
    {
        NewReference created = FutureStore.Current.Memory.Take();
        if (created.IsNull)
        {
            created = Allocate();
            CPython.PyObject_GC_UnTrack(created.Pointer);
            Layout(created.Borrow())->IsUntracked = 1;
        }

        if (Layout(created.Borrow())->Loop.Borrow() != weakLoop)
        {
            Layout(created.Borrow())->Loop.Set(NewReference.From(weakLoop));
        }

        return created;
    }

    private static NewReference Allocate() => CPython.PyType_GenericAlloc(FutureType.Type, 0).OrThrow();

    private static void Fail(FutureLayout* future, NewReference exception)
    {
        BorrowedReference stopIteration = WellKnownObjects.Current.Exception("StopIteration");
        if (CPython.PyErr_GivenExceptionMatches(exception.Borrow(), stopIteration) != 0)
        {
            // A StopIteration would be mistaken for the end of the awaiting coroutine.
            NewReference wrapper = ExceptionToPython.Convert(new StopIterationEscapedException());
            CPython.PyException_SetCause(wrapper.Borrow(), exception.Steal());
            exception = wrapper;
        }

        future->Traceback.Set(CPython.PyException_GetTraceback(exception.Borrow()));
        future->Exception.Set(exception);
        future->State = FutureState.Finished;
        future->LogTraceback = 1;
    }

    private static void WakeAll(BorrowedReference self, ReadyCallbacks ready)
    {
        ReleaseSource(Layout(self));
        _ = FutureCallbacks.RunAll(self, ready);
    }
}
