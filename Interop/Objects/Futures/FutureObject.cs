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
        Layout(created.Borrow())->Source = GCHandle.ToIntPtr(GCHandle.Alloc(source));
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
    /// <returns>False if a callback raised SystemExit or KeyboardInterrupt, which is then the current error.</returns>
    public static bool SetResult(BorrowedReference self, NewReference value)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            value.Dispose();
            return true;
        }

        future->Result.Set(value);
        future->State = FutureState.Finished;
        return WakeAll(self);
    }

    /// <inheritdoc cref="SetResult"/>
    public static bool SetException(BorrowedReference self, NewReference exception)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            exception.Dispose();
            return true;
        }

        Fail(future, exception);
        return WakeAll(self);
    }

    /// <inheritdoc cref="SetResult"/>
    public static bool SetCancelled(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        if (future->IsDone)
        {
            return true;
        }

        future->State = FutureState.Cancelled;
        return WakeAll(self);
    }

    /// <summary>Turns a pending future cancelled without waking anybody: its loop is closed.</summary>
    public static void Drop(BorrowedReference self)
    {
        FutureLayout* future = Layout(self);
        if (!future->IsDone)
        {
            future->State = FutureState.Cancelled;
            ReleaseSource(future);
            future->Callback.Clear();
            future->CallbackContext.Clear();
            future->MoreCallbacks.Clear();
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
        return ForEachCallback(self, ScheduleSoon);
    }

    internal static void ReleaseSource(FutureLayout* future)
    {
        if (future->Source != 0)
        {
            GCHandle.FromIntPtr(future->Source).Free();
            future->Source = 0;
        }
    }

    /// <summary><c>loop.call_soon(callback, future, context=context)</c>; false with the error set if that fails.</summary>
    internal static bool ScheduleSoon(BorrowedReference self, BorrowedReference callback, BorrowedReference context)
    {
        PythonInterpreter interpreter = PythonInterpreter.Current;
        using NewReference loop = LoopOf(Layout(self));
        if (loop.IsNull)
        {
            return false;
        }

        // SAFETY: one slot more than arguments, as the offset flag promises.
        nint* args = stackalloc nint[5] { 0, loop.Borrow().Pointer, callback.Pointer, self.Pointer, context.Pointer };
        using NewReference handle = CPython.PyObject_VectorcallMethod(
            interpreter.Names.CallSoon.Reference, args + 1, 3 | CPython.PY_VECTORCALL_ARGUMENTS_OFFSET, interpreter.Objects.ContextKeyword);
        return !handle.IsNull;
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

    private delegate bool CallbackAction(BorrowedReference self, BorrowedReference callback, BorrowedReference context);

    private static NewReference New(BorrowedReference loop)
    {
        NewReference created = FutureMemory.Take();
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
        NewReference created = FutureMemory.Take();
        if (created.IsNull)
        {
            created = Allocate();
            CPython.PyObject_GC_UnTrack(created.Pointer);
            Layout(created.Borrow())->IsUntracked = 1;
        }

        Layout(created.Borrow())->Loop.Set(NewReference.From(weakLoop));
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

    /// <summary>Runs the callbacks at once, each in its context: the drain that completes a future is itself a callback of the loop.</summary>
    private static bool WakeAll(BorrowedReference self)
    {
        ReleaseSource(Layout(self));
        return ForEachCallback(self, RunNow);
    }

    private static bool ForEachCallback(BorrowedReference self, CallbackAction action)
    {
        FutureLayout* future = Layout(self);
        if (future->Callback.IsNull)
        {
            return true;
        }

        using NewReference first = future->Callback.Take();
        using NewReference firstContext = future->CallbackContext.Take();
        using NewReference more = future->MoreCallbacks.Take();
        bool ok = action(self, first.Borrow(), firstContext.Borrow());
        if (more.IsNull)
        {
            return ok;
        }

        nint count = CPython.PyList_Size(more.Borrow());
        for (nint i = 0; i < count; i++)
        {
            BorrowedReference pair = CPython.PyList_GetItem(more.Borrow(), i);
            BorrowedReference callback = CPython.PyTuple_GetItem(pair, 0);
            BorrowedReference context = CPython.PyTuple_GetItem(pair, 1);

            // After SystemExit the others still have to run: once the loop is entered again.
            ok = ok ? action(self, callback, context) : ScheduleKeepingError(self, callback, context);
        }

        return ok;
    }

    private static bool ScheduleKeepingError(BorrowedReference self, BorrowedReference callback, BorrowedReference context)
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (!ScheduleSoon(self, callback, context))
        {
            CPython.PyErr_WriteUnraisable(callback);
        }

        CPython.PyErr_SetRaisedException(error);
        return false;
    }

    private static bool RunNow(BorrowedReference self, BorrowedReference callback, BorrowedReference context)
    {
        if (CPython.PyContext_Enter(context) < 0)
        {
            // Entered already, further up this very stack: the loop can do it when that has returned.
            CPython.PyErr_Clear();
            return ScheduleSoon(self, callback, context);
        }

        using NewReference result = callback.Call(self);
        NewReference error = result.IsNull ? CPython.PyErr_GetRaisedException() : default;
        _ = CPython.PyContext_Exit(context);
        if (error.IsNull)
        {
            return true;
        }

        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        bool endsTheRun = CPython.PyErr_GivenExceptionMatches(error.Borrow(), objects.Exception("SystemExit")) != 0
            || CPython.PyErr_GivenExceptionMatches(error.Borrow(), objects.Exception("KeyboardInterrupt")) != 0;
        if (endsTheRun)
        {
            CPython.PyErr_SetRaisedException(error);
            return false;
        }

        using NewReference kept = error;
        ExceptionHandler.Call(Layout(self)->Loop.Borrow(), "Exception in a callback of a future of .NET work", kept.Borrow(), self);
        return true;
    }
}
