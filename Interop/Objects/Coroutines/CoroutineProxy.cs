using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// Stands before a coroutine whose first step was made before there was a task to drive it. A task that is made for the proxy gets,
/// as its first step, what that first step came to; from then on the proxy hands everything on.
/// </summary>
/// <remarks>Every member needs the GIL.</remarks>
internal static unsafe class CoroutineProxy
{
    /// <summary>A proxy with no coroutine behind it yet.</summary>
    /// <param name="owner">A <see cref="ManagedObject"/> around an <see cref="ICoroutineOwner"/>; borrowed.</param>
    public static NewReference New(BorrowedReference owner)
    {
        NewReference created = CPython.PyType_GenericAlloc(PythonInterpreter.Current.Types.Coroutine, 0).OrThrow();
        CoroutineLayout* proxy = Layout(created.Borrow());
        proxy->Owner.Set(NewReference.From(owner));
        proxy->Id = CoroutineLayout.NoId;
        return created;
    }

    /// <summary>Makes the first step of a coroutine. As <c>PyIter_Send</c>: NULL with the error set if it raised.</summary>
    public static NewReference FirstStep(BorrowedReference coroutine, out CPython.PySendResult outcome)
    {
        nint result = 0;
        outcome = CPython.PyIter_Send(coroutine, PythonInterpreter.Current.None, &result);
        ForkedChild.EndIfForked();
        return new NewReference(result);
    }

    /// <summary>The coroutine has yielded in its first step: the proxy takes it over, and tells its owner how it ends.</summary>
    public static void TakeOver(BorrowedReference self, BorrowedReference coroutine, NewReference yielded, int id)
    {
        CoroutineLayout* proxy = Layout(self);
        proxy->Coroutine.Set(NewReference.From(coroutine));
        proxy->First.Set(yielded);
        proxy->Id = id;
    }

    /// <summary>The coroutine has returned in its first step, and a task is to end as if it had driven it.</summary>
    public static void TakeReturned(BorrowedReference self, BorrowedReference coroutine, NewReference value)
    {
        CoroutineLayout* proxy = Layout(self);
        proxy->Coroutine.Set(NewReference.From(coroutine));
        proxy->First.Set(value);
        proxy->HasEnded = 1;
    }

    /// <summary>The coroutine has raised in its first step, and a task is to end as if it had driven it.</summary>
    public static void TakeRaised(BorrowedReference self, BorrowedReference coroutine, NewReference error)
    {
        CoroutineLayout* proxy = Layout(self);
        proxy->Coroutine.Set(NewReference.From(coroutine));
        proxy->Error.Set(error);
        proxy->HasEnded = 1;
    }

    /// <summary>Nobody wants to know any more how the coroutine ends.</summary>
    public static void Forget(BorrowedReference self) => Layout(self)->Id = CoroutineLayout.NoId;

    internal static CoroutineLayout* Layout(BorrowedReference self) => (CoroutineLayout*)self.Pointer;

    /// <summary>One step, as <c>PyIter_Send</c>.</summary>
    internal static CPython.PySendResult Send(CoroutineLayout* proxy, BorrowedReference value, nint* result)
    {
        *result = 0;
        if (proxy->HasEnded != 0)
        {
            return Outcome(proxy, result);
        }

        if (!proxy->First.IsNull)
        {
            *result = proxy->First.Take().Take();
            return CPython.PySendResult.PYGEN_NEXT;
        }

        if (proxy->Coroutine.IsNull)
        {
            PythonErrors.Set("RuntimeError", "this coroutine has no code to run yet");
            return CPython.PySendResult.PYGEN_ERROR;
        }

        if (!proxy->Deferred.IsNull)
        {
            using NewReference deferred = proxy->Deferred.Take();
            return Throw(proxy, deferred.Borrow(), result);
        }

        CPython.PySendResult outcome = CPython.PyIter_Send(proxy->Coroutine.Borrow(), value, result);
        ForkedChild.EndIfForked();
        if (outcome != CPython.PySendResult.PYGEN_NEXT)
        {
            TellOwner(proxy, new BorrowedReference(*result));
        }

        return outcome;
    }

    /// <summary>Raises an exception in the coroutine, as <c>coroutine.throw</c>; answers as <see cref="Send"/>.</summary>
    internal static CPython.PySendResult Throw(CoroutineLayout* proxy, BorrowedReference exception, nint* result)
    {
        *result = 0;
        if (proxy->HasEnded != 0)
        {
            // The task was cancelled by the coroutine that had no further step to see it in: a return turns into a cancellation, an
            // error stays what it is.
            if (proxy->Error.IsNull)
            {
                CPython.PyErr_SetRaisedException(NewReference.From(exception));
                return CPython.PySendResult.PYGEN_ERROR;
            }

            return Outcome(proxy, result);
        }

        if (!proxy->First.IsNull)
        {
            return Defer(proxy, exception, result);
        }

        if (proxy->Coroutine.IsNull)
        {
            CPython.PyErr_SetRaisedException(NewReference.From(exception));
            return CPython.PySendResult.PYGEN_ERROR;
        }

        using NewReference yielded = proxy->Coroutine.Borrow().CallMethod(PythonInterpreter.Current.Names.Throw, exception);
        if (!yielded.IsNull)
        {
            *result = NewReference.From(yielded.Borrow()).Take();
            return CPython.PySendResult.PYGEN_NEXT;
        }

        // throw() tells a return by StopIteration.
        using NewReference returned = StopIteration.TakeValue();
        TellOwner(proxy, returned.Borrow());
        if (returned.IsNull)
        {
            return CPython.PySendResult.PYGEN_ERROR;
        }

        *result = NewReference.From(returned.Borrow()).Take();
        return CPython.PySendResult.PYGEN_RETURN;
    }

    /// <summary>
    /// The coroutine cancelled its own task and then awaited something, all in its first step. asyncio then cancels what it awaits; what
    /// cannot be cancelled lets the exception wait for the next step.
    /// </summary>
    private static CPython.PySendResult Defer(CoroutineLayout* proxy, BorrowedReference exception, nint* result)
    {
        NewReference first = proxy->First.Take();
        proxy->Deferred.Set(NewReference.From(exception));
        if (!first.Borrow().IsNone)
        {
            using NewReference cancelled = first.Borrow().CallMethod(PythonInterpreter.Current.Names.Cancel);
            if (cancelled.IsNull)
            {
                PythonErrors.Forget(); // Nothing that can be cancelled.
            }
            else if (cancelled.Borrow() == PythonInterpreter.Current.Objects.True)
            {
                proxy->Deferred.Clear();
            }
        }

        *result = first.Take();
        return CPython.PySendResult.PYGEN_NEXT;
    }

    private static CPython.PySendResult Outcome(CoroutineLayout* proxy, nint* result)
    {
        if (proxy->Error.IsNull)
        {
            *result = proxy->First.IsNull
                ? NewReference.From(PythonInterpreter.Current.None).Take()
                : proxy->First.Take().Take();
            return CPython.PySendResult.PYGEN_RETURN;
        }

        CPython.PyErr_SetRaisedException(NewReference.From(proxy->Error.Borrow()));
        return CPython.PySendResult.PYGEN_ERROR;
    }

    /// <summary>Tells the owner of the end, once. The current error, if there is one, is still the current error afterwards.</summary>
    private static void TellOwner(CoroutineLayout* proxy, BorrowedReference value)
    {
        int id = proxy->Id;
        if (id == CoroutineLayout.NoId || !ManagedObject.TryUnwrap(proxy->Owner.Borrow(), out object? owner))
        {
            return;
        }

        proxy->Id = CoroutineLayout.NoId;
        if (!value.IsNull)
        {
            ((ICoroutineOwner)owner).OnReturned(id, value);
            return;
        }

        NewReference error = CPython.PyErr_GetRaisedException();
        ((ICoroutineOwner)owner).OnRaised(id);
        CPython.PyErr_SetRaisedException(error);
    }
}
