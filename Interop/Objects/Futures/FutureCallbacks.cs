namespace PyAsync.Interop;

/// <summary>
/// The done callbacks of a <c>pyasync.Future</c>, each with the context that it runs in. Nearly every future has one: the wake-up of the task
/// that awaits it. On the loop's thread, with the GIL held.
/// </summary>
internal static unsafe class FutureCallbacks
{
    private delegate bool CallbackAction(BorrowedReference self, BorrowedReference callback, BorrowedReference context, ReadyCallbacks? ready);

    private static SharedContexts Shared => PythonInterpreter.Current.SharedContexts;

    /// <summary>Adds one to a pending future.</summary>
    /// <param name="future">The future.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="given">The context that it is to run in; NULL for a copy of the current one.</param>
    /// <returns>False with the error set if that fails.</returns>
    public static bool Add(FutureLayout* future, BorrowedReference callback, BorrowedReference given)
    {
        bool isFirst = future->Callback.IsNull;
        NewReference shared = given.IsNull && isFirst ? Shared.Snapshot() : default;
        bool isShared = !shared.IsNull;
        NewReference context = isShared ? shared : given.IsNull ? CPython.PyContext_CopyCurrent() : NewReference.From(given);
        if (context.IsNull)
        {
            return false;
        }

        if (isFirst)
        {
            future->Callback.Set(NewReference.From(callback));
            future->CallbackContext.Set(context);
            future->SharesContext = isShared ? (byte)1 : (byte)0;
            return true;
        }

        using NewReference kept = context;
        return Append(future, callback, kept.Borrow());
    }

    /// <summary>Removes all that are equal to a callback.</summary>
    /// <returns>How many there were; -1 with the error set if comparing has failed.</returns>
    public static long Remove(FutureLayout* future, BorrowedReference wanted)
    {
        if (future->Callback.IsNull)
        {
            return 0;
        }

        // Comparing may run any code, which may change the callbacks: take them all out, put back what stays.
        nint pointer = wanted.Pointer;
        using NewReference first = future->Callback.Take();
        using NewReference firstContext = future->CallbackContext.Take();
        byte firstShares = future->SharesContext;
        using NewReference more = future->MoreCallbacks.Take();
        long removed = 0;
        bool ok = Keep(first.Borrow(), firstContext.Borrow(), firstShares);
        nint count = more.IsNull ? 0 : CPython.PyList_Size(more.Borrow());
        for (nint i = 0; i < count; i++)
        {
            BorrowedReference pair = CPython.PyList_GetItem(more.Borrow(), i);
            ok &= Keep(CPython.PyTuple_GetItem(pair, 0), CPython.PyTuple_GetItem(pair, 1), shares: 0);
        }

        return ok ? removed : -1;

        bool Keep(BorrowedReference candidate, BorrowedReference context, byte shares)
        {
            int equal = CPython.PyObject_RichCompareBool(candidate, new BorrowedReference(pointer), CPython.Py_EQ);
            if (equal > 0)
            {
                removed++;
                return true;
            }

            if (future->Callback.IsNull)
            {
                future->Callback.Set(NewReference.From(candidate));
                future->CallbackContext.Set(NewReference.From(context));
                future->SharesContext = shares;
                return equal == 0;
            }

            using NewReference own = shares != 0 ? CPython.PyContext_Copy(context) : NewReference.From(context);
            return !own.IsNull && Append(future, candidate, own.Borrow()) && equal == 0;
        }
    }

    /// <summary>Runs them at once, each in its context: the drain that completes a future is itself a callback of the loop.</summary>
    /// <param name="self">The future.</param>
    /// <param name="ready">Takes the wake-ups of tasks, to be run when the drain has returned; null to run them here too.</param>
    /// <returns>False if one raised SystemExit or KeyboardInterrupt, which is then the current error.</returns>
    public static bool RunAll(BorrowedReference self, ReadyCallbacks? ready) => ForEach(self, RunNow, ready);

    /// <summary>Leaves them to the loop's next turn.</summary>
    /// <returns>False with the error set if that fails.</returns>
    public static bool ScheduleAll(BorrowedReference self) => ForEach(self, ScheduleSoon, ready: null);

    /// <summary>Leaves a callback of a future that is done to the loop's next turn.</summary>
    /// <inheritdoc cref="Add"/>
    public static bool Schedule(BorrowedReference self, BorrowedReference callback, BorrowedReference given)
    {
        using NewReference context = given.IsNull ? CPython.PyContext_CopyCurrent() : NewReference.From(given);
        return !context.IsNull && ScheduleSoon(self, callback, context.Borrow());
    }

    /// <summary>Drops them all.</summary>
    public static void Clear(FutureLayout* future)
    {
        future->Callback.Clear();
        future->CallbackContext.Clear();
        future->MoreCallbacks.Clear();
    }

    private static bool Append(FutureLayout* future, BorrowedReference callback, BorrowedReference context)
    {
        if (future->MoreCallbacks.IsNull)
        {
            NewReference list = CPython.PyList_New(0);
            if (list.IsNull)
            {
                return false;
            }

            future->MoreCallbacks.Set(list);
        }

        using NewReference pair = CPython.PyTuple_New(2);
        return !pair.IsNull
            && CPython.PyTuple_SetItem(pair.Borrow(), 0, NewReference.From(callback).Steal()) == 0
            && CPython.PyTuple_SetItem(pair.Borrow(), 1, NewReference.From(context).Steal()) == 0
            && CPython.PyList_Append(future->MoreCallbacks.Borrow(), pair.Borrow()) == 0;
    }

    private static bool ForEach(BorrowedReference self, CallbackAction action, ReadyCallbacks? ready)
    {
        FutureLayout* future = FutureObject.Layout(self);
        if (future->Callback.IsNull)
        {
            return true;
        }

        using NewReference first = future->Callback.Take();
        using NewReference firstContext = future->CallbackContext.Take();
        bool firstShares = future->SharesContext != 0;
        using NewReference more = future->MoreCallbacks.Take();
        bool ok = firstShares ? InCopy(self, first.Borrow(), firstContext.Borrow(), action) : action(self, first.Borrow(), firstContext.Borrow(), ready);
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
            ok = ok ? action(self, callback, context, ready) : ScheduleKeepingError(self, callback, context);
        }

        return ok;
    }

    private static bool InCopy(BorrowedReference self, BorrowedReference callback, BorrowedReference snapshot, CallbackAction action)
    {
        NewReference context = Shared.Copy(snapshot);
        if (context.IsNull)
        {
            return false;
        }

        bool ok = action(self, callback, context.Borrow(), ready: null);
        Shared.GiveBack(context, snapshot);
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

    private static bool ScheduleSoon(BorrowedReference self, BorrowedReference callback, BorrowedReference context, ReadyCallbacks? ready) =>
        ScheduleSoon(self, callback, context);

    /// <summary><c>loop.call_soon(callback, future, context=context)</c>; false with the error set if that fails.</summary>
    private static bool ScheduleSoon(BorrowedReference self, BorrowedReference callback, BorrowedReference context)
    {
        PythonInterpreter interpreter = PythonInterpreter.Current;
        using NewReference loop = FutureObject.LoopOf(FutureObject.Layout(self));
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

    private static bool RunNow(BorrowedReference self, BorrowedReference callback, BorrowedReference context, ReadyCallbacks? ready)
    {
        if (ready is not null && ready.TryAdd(context, callback, self))
        {
            return true;
        }

        if (ready is not null && ready.IsLastOf(self))
        {
            return ScheduleSoon(self, callback, context); // It was added after that one.
        }

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
        ExceptionHandler.Call(FutureObject.Layout(self)->Loop.Borrow(), "Exception in a callback of a future of .NET work", kept.Borrow(), self);
        return true;
    }
}
