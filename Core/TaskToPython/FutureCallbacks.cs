using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// The done callbacks of a <c>pyasync.Future</c>, each with the context that it runs in. Nearly every future has one: the wake-up of the task
/// that awaits it. On the loop's thread, with the GIL held.
/// </summary>
internal static unsafe class FutureCallbacks
{
    /// <summary>Adds a callback to a pending future.</summary>
    /// <param name="future">The future.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="given">The context to run it in; NULL for a copy of the current one.</param>
    /// <returns>False with the error set if that fails.</returns>
    public static bool Add(FutureLayout* future, BorrowedReference callback, BorrowedReference given)
    {
        NewReference context = given.IsNull ? CPython.PyContext_CopyCurrent() : NewReference.From(given);
        if (context.IsNull)
        {
            return false;
        }

        if (future->Callback.IsNull)
        {
            future->Callback.Set(NewReference.From(callback));
            future->CallbackContext.Set(context);
            future->CancelsFirst = 0;
            return true;
        }

        using NewReference kept = context;
        return Append(future, callback, kept.Borrow(), cancels: false);
    }

    /// <summary>Removes all callbacks that are equal to the given one.</summary>
    /// <returns>The number of removed ones; -1 with the error set, and no callback removed, if a comparison has failed.</returns>
    public static long Remove(FutureLayout* future, BorrowedReference wanted)
    {
        if (future->Callback.IsNull)
        {
            return 0;
        }

        // A comparison may run any code, which may change the callbacks or end the future: all comparisons come before the first change.
        using NewReference first = NewReference.From(future->Callback.Borrow());
        using NewReference more = future->MoreCallbacks.IsNull ? default : CPython.PyList_New(0);
        if (!future->MoreCallbacks.IsNull && (more.IsNull || CPython.PyList_SetSlice(more.Borrow(), 0, 0, future->MoreCallbacks.Borrow()) < 0))
        {
            return -1;
        }

        int equal = CPython.PyObject_RichCompareBool(first.Borrow(), wanted, CPython.Py_EQ);
        bool isFirstEqual = equal > 0;
        HashSet<nint>? equalEntries = null;
        nint count = more.IsNull ? 0 : CPython.PyList_Size(more.Borrow());
        for (nint i = 0; i < count && equal >= 0; i++)
        {
            BorrowedReference entry = CPython.PyList_GetItem(more.Borrow(), i);
            equal = CPython.PyObject_RichCompareBool(CPython.PyTuple_GetItem(entry, 0), wanted, CPython.Py_EQ);
            if (equal > 0)
            {
                (equalEntries ??= []).Add(entry.Pointer);
            }
        }

        return equal < 0 ? -1 : Remove(future, isFirstEqual ? first.Pointer : 0, equalEntries ?? []);
    }

    /// <summary>Removes the first callback and the further entries that were found equal, if they still are callbacks. Runs no Python code before its end.</summary>
    private static long Remove(FutureLayout* future, nint equalFirst, HashSet<nint> equalEntries)
    {
        bool removesFirst = equalFirst != 0 && future->Callback.Pointer == equalFirst;
        if (!removesFirst && equalEntries.Count == 0)
        {
            return 0;
        }

        using NewReference first = future->Callback.Take();
        using NewReference firstContext = future->CallbackContext.Take();
        using NewReference more = future->MoreCallbacks.Take();
        bool ok = first.IsNull || removesFirst || PutBack(future, first.Borrow(), firstContext.Borrow(), future->CancelsFirst != 0);
        long removed = removesFirst ? 1 : 0;
        nint count = more.IsNull ? 0 : CPython.PyList_Size(more.Borrow());
        for (nint i = 0; i < count; i++)
        {
            BorrowedReference entry = CPython.PyList_GetItem(more.Borrow(), i);
            if (equalEntries.Contains(entry.Pointer))
            {
                removed++;
                continue;
            }

            ok &= PutBack(future, CPython.PyTuple_GetItem(entry, 0), CPython.PyTuple_GetItem(entry, 1), CPython.PyTuple_Size(entry) == 3);
        }

        return ok ? removed : -1;
    }

    private static bool PutBack(FutureLayout* future, BorrowedReference callback, BorrowedReference context, bool cancels)
    {
        if (!future->Callback.IsNull)
        {
            return Append(future, callback, context, cancels);
        }

        future->Callback.Set(NewReference.From(callback));
        future->CallbackContext.Set(NewReference.From(context));
        future->CancelsFirst = cancels ? (byte)1 : (byte)0;
        return true;
    }

    /// <summary>Passes the callbacks of a future that is done, in the order in which they were added, to the code that runs them in the loop's order.</summary>
    /// <param name="self">The future.</param>
    /// <param name="ready">Runs them as soon as nothing that was scheduled earlier is waiting; null to schedule each by <c>call_soon</c>.</param>
    /// <returns>False with the error set if <c>call_soon</c> failed; true always with <paramref name="ready"/>.</returns>
    public static bool RunAll(BorrowedReference self, ReadyCallbacks? ready)
    {
        FutureLayout* future = FutureObject.Layout(self);
        if (future->Callback.IsNull)
        {
            return true;
        }

        using NewReference first = future->Callback.Take();
        using NewReference firstContext = future->CallbackContext.Take();
        using NewReference more = future->MoreCallbacks.Take();
        bool ok = Run(self, first.Borrow(), firstContext.Borrow(), future->CancelsFirst != 0, ready);
        nint count = more.IsNull ? 0 : CPython.PyList_Size(more.Borrow());
        for (nint i = 0; i < count; i++)
        {
            BorrowedReference entry = CPython.PyList_GetItem(more.Borrow(), i);
            ok &= Run(
                self, CPython.PyTuple_GetItem(entry, 0), CPython.PyTuple_GetItem(entry, 1), cancels: CPython.PyTuple_Size(entry) == 3, ready);
        }

        return ok;
    }

    /// <summary>Schedules a callback of a future that is done for the loop's next turn.</summary>
    /// <inheritdoc cref="Add"/>
    public static bool Schedule(BorrowedReference self, BorrowedReference callback, BorrowedReference given)
    {
        using NewReference context = given.IsNull ? CPython.PyContext_CopyCurrent() : NewReference.From(given);
        return !context.IsNull && CallSoon(self, callback, context.Borrow());
    }

    /// <summary>
    /// Marks the wake-ups of tasks whose cancellation was requested: those tasks get CancelledError, for any outcome of the work. <c>Task.cancel()</c>
    /// counts the request before it calls the future's <c>cancel()</c>, and forgets it if that returns True.
    /// </summary>
    public static void MarkCancelled(FutureLayout* future)
    {
        if (future->Callback.IsNull)
        {
            return;
        }

        // The check of a task runs Python code if its class overrides cancelling(): the callbacks may change meanwhile.
        TaskWakeUp wakeUp = TaskWakeUp.Current;
        using (NewReference first = NewReference.From(future->Callback.Borrow()))
        {
            if (wakeUp.IsOfCancelledTask(first.Borrow()) && future->Callback.Pointer == first.Borrow().Pointer)
            {
                future->CancelsFirst = 1;
            }
        }

        for (nint i = 0; !future->MoreCallbacks.IsNull && i < CPython.PyList_Size(future->MoreCallbacks.Borrow()); i++)
        {
            using NewReference entry = NewReference.From(CPython.PyList_GetItem(future->MoreCallbacks.Borrow(), i));
            BorrowedReference callback = CPython.PyTuple_GetItem(entry.Borrow(), 0);
            if (!wakeUp.IsOfCancelledTask(callback) || future->MoreCallbacks.IsNull || CPython.PyList_GetItem(future->MoreCallbacks.Borrow(), i) != entry.Borrow())
            {
                continue;
            }

            using NewReference marked = NewEntry(callback, CPython.PyTuple_GetItem(entry.Borrow(), 1), cancels: true);
            if (marked.IsNull || CPython.PyList_SetItem(future->MoreCallbacks.Borrow(), i, NewReference.From(marked.Borrow()).Steal()) < 0)
            {
                PythonErrors.Forget();
            }
        }
    }

    /// <summary>Drops all callbacks.</summary>
    public static void Clear(FutureLayout* future)
    {
        future->Callback.Clear();
        future->CallbackContext.Clear();
        future->MoreCallbacks.Clear();
    }

    private static bool CallSoon(BorrowedReference self, BorrowedReference callback, BorrowedReference context)
    {
        using NewReference loop = FutureObject.LoopOf(FutureObject.Layout(self));
        return !loop.IsNull && CallbackCall.Schedule(loop.Borrow(), self, callback, context);
    }

    private static bool Append(FutureLayout* future, BorrowedReference callback, BorrowedReference context, bool cancels)
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

        using NewReference entry = NewEntry(callback, context, cancels);
        return !entry.IsNull && CPython.PyList_Append(future->MoreCallbacks.Borrow(), entry.Borrow()) == 0;
    }

    private static NewReference NewEntry(BorrowedReference callback, BorrowedReference context, bool cancels)
    {
        using NewReference entry = CPython.PyTuple_New(cancels ? 3 : 2);
        if (entry.IsNull
            || CPython.PyTuple_SetItem(entry.Borrow(), 0, NewReference.From(callback).Steal()) < 0
            || CPython.PyTuple_SetItem(entry.Borrow(), 1, NewReference.From(context).Steal()) < 0
            || (cancels && CPython.PyTuple_SetItem(entry.Borrow(), 2, NewReference.From(InterpreterState.Current.None).Steal()) < 0))
        {
            return default;
        }

        return NewReference.From(entry.Borrow());
    }

    private static bool Run(
        BorrowedReference self, BorrowedReference callback, BorrowedReference context, bool cancels, ReadyCallbacks? ready)
    {
        FutureLayout* future = FutureObject.Layout(self);
        using NewReference standIn = cancels && future->State == FutureState.Finished ? FutureObject.NewStandIn(future) : default;
        BorrowedReference outcome = standIn.IsNull ? self : standIn.Borrow();
        if (ready is not null)
        {
            ready.Add(outcome, callback, context);
            return true;
        }

        return CallSoon(outcome, callback, context);
    }
}
