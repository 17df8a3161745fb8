using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// What .NET does with a <c>pyasync.Future</c>: makes it, completes it. Every member runs on the loop's thread with the GIL
/// held, except the making of one.
/// </summary>
internal static unsafe class FutureObject
{
    /// <summary>A future that <paramref name="source"/> will complete.</summary>
    public static NewReference NewPending(BorrowedReference loop, FutureSource source)
    {
        NewReference created = New(loop);
        Layout(created.Borrow())->Source = Sources.Add(source) + 1;
        return created;
    }

    /// <summary>A future that is done already: awaiting it takes no turn of the loop. Takes the value.</summary>
    /// <param name="loop">Its loop.</param>
    /// <param name="weakLoop">A weak reference to that.</param>
    /// <param name="value">Its result.</param>
    public static NewReference NewFinished(BorrowedReference loop, BorrowedReference weakLoop, NewReference value)
    {
        NewReference created = PythonInterpreter.Current.Objects.IsAtom(value.Borrow()) ? NewUntracked(weakLoop) : New(loop);
        FutureLayout* future = Layout(created.Borrow());
        future->State = FutureState.Finished;
        future->Result.Set(value);
        return created;
    }

    /// <summary>A future that has failed already. Takes the exception.</summary>
    public static NewReference NewFailed(BorrowedReference loop, NewReference exception)
    {
        NewReference created = New(loop);
        Fail(Layout(created.Borrow()), exception);
        return created;
    }

    /// <summary>A future that is cancelled already.</summary>
    public static NewReference NewCancelled(BorrowedReference loop)
    {
        NewReference created = New(loop);
        Layout(created.Borrow())->State = FutureState.Cancelled;
        return created;
    }

    public static bool IsDone(BorrowedReference self) => Layout(self)->IsDone;

    /// <summary>Completes the future and wakes who awaits it. Does nothing if it is done. Takes the value.</summary>
    /// <param name="self">The future.</param>
    /// <param name="value">Its result.</param>
    /// <param name="ready">See <see cref="FutureCallbacks.RunAll"/>.</param>
    /// <returns>False if a callback raised SystemExit or KeyboardInterrupt, which is then the current error.</returns>
    public static bool SetResult(BorrowedReference self, NewReference value, ReadyCallbacks? ready)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            value.Dispose();
            return true;
        }

        future->Result.Set(value);
        future->State = FutureState.Finished;
        return WakeAll(self, ready);
    }

    /// <summary>As <see cref="SetResult"/>. Takes the exception.</summary>
    public static bool SetException(BorrowedReference self, NewReference exception, ReadyCallbacks? ready)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            exception.Dispose();
            return true;
        }

        Fail(future, exception);
        return WakeAll(self, ready);
    }

    /// <summary>As <see cref="SetResult"/>.</summary>
    public static bool SetCancelled(BorrowedReference self, ReadyCallbacks? ready)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            return true;
        }

        future->State = FutureState.Cancelled;
        return WakeAll(self, ready);
    }

    /// <summary>Turns a pending future cancelled without waking anybody: its loop is closed.</summary>
    public static void Drop(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        if (!future->IsDone)
        {
            future->State = FutureState.Cancelled;
            ReleaseSource(future);
            FutureCallbacks.Clear(future);
        }
    }

    /// <summary>What <c>result()</c> gives: the value, or NULL with the failure as the current error.</summary>
    internal static NewReference Outcome(FutureLayout* future)
    {
        if (future->State == FutureState.Cancelled)
        {
            NewReference cancelled = CancelledError(future);
            if (!cancelled.IsNull)
            {
                CPython.PyErr_SetRaisedException(cancelled);
            }

            return default;
        }

        if (future->Exception.IsNull)
        {
            return NewReference.From(future->Result.Borrow());
        }

        future->LogTraceback = 0;
        BorrowedReference traceback = future->Traceback.IsNull ? PythonInterpreter.Current.None : future->Traceback.Borrow();
        _ = CPython.PyException_SetTraceback(future->Exception.Borrow(), traceback);
        CPython.PyErr_SetRaisedException(NewReference.From(future->Exception.Borrow()));
        return default;
    }

    /// <summary>A new CancelledError with the message that <c>cancel()</c> was given.</summary>
    internal static NewReference CancelledError(FutureLayout* future)
    {
        BorrowedReference type = PythonInterpreter.Current.Objects.CancelledError;
        return future->CancelMessage.IsNull || future->CancelMessage.Borrow().IsNone
            ? type.Call()
            : type.Call(future->CancelMessage.Borrow());
    }

    /// <summary>Turns a pending future cancelled on Python's demand: callbacks are left to the loop's next turn.</summary>
    internal static bool CancelNow(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        future->State = FutureState.Cancelled;
        ReleaseSource(future);
        using NewReference kept = NewReference.From(self);
        return FutureCallbacks.ScheduleAll(self);
    }

    /// <summary>What stands behind a future; null once it is done.</summary>
    internal static FutureSource? SourceOf(FutureLayout* future) => Sources.Find((int)future->Source - 1);

    internal static void ReleaseSource(FutureLayout* future)
    {
        if (future->Source != 0)
        {
            Sources.Take((int)future->Source - 1);
            future->Source = 0;
        }
    }

    /// <summary>The loop of a future; NULL with the error set if it is gone, as a future that was made done does not keep it.</summary>
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

    private static NumberedItems<FutureSource> Sources => PythonInterpreter.Current.FutureSources;

    private static NewReference New(BorrowedReference loop)
    {
        NewReference created = PythonInterpreter.Current.FutureMemory.Take();
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
        NewReference created = PythonInterpreter.Current.FutureMemory.Take();
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

    private static NewReference Allocate() => CPython.PyType_GenericAlloc(PythonInterpreter.Current.Types.Future, 0).OrThrow();

    private static void Fail(FutureLayout* future, NewReference exception)
    {
        BorrowedReference stopIteration = PythonInterpreter.Current.Objects.Exception("StopIteration");
        if (CPython.PyErr_GivenExceptionMatches(exception.Borrow(), stopIteration) != 0)
        {
            // It would be taken for the end of the awaiting coroutine.
            NewReference wrapper = ExceptionToPython.Convert(new StopIterationEscapedException());
            CPython.PyException_SetCause(wrapper.Borrow(), exception.Steal());
            exception = wrapper;
        }

        future->Traceback.Set(CPython.PyException_GetTraceback(exception.Borrow()));
        future->Exception.Set(exception);
        future->State = FutureState.Finished;
        future->LogTraceback = 1;
    }

    private static bool WakeAll(BorrowedReference self, ReadyCallbacks? ready)
    {
        ReleaseSource(Layout(self));
        return FutureCallbacks.RunAll(self, ready);
    }
}
