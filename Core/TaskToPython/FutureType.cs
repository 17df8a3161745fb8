using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// The Python type <c>pyasync.Future</c>, the awaitable of .NET work. It follows the protocol of <c>asyncio.Future</c>
/// (https://docs.python.org/3/library/asyncio-future.html) for its consumers; only .NET completes it.
/// </summary>
internal static unsafe class FutureType
{
    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference Create()
    {
        FutureLayout layout;
        HeapType type = new HeapType(
                "pyasync.Future",
                sizeof(FutureLayout),
                CPython.Py_TPFLAGS_HAVE_GC | CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("The outcome of .NET work. Await it, or use it where an asyncio.Future can be used.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_finalize, (delegate* unmanaged[Cdecl]<nint, void>)&Finalize)
            .Slot(CPython.Py_tp_traverse, (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&Traverse)
            .Slot(CPython.Py_tp_clear, (delegate* unmanaged[Cdecl]<nint, int>)&Clear)
            .Slot(CPython.Py_tp_repr, (delegate* unmanaged[Cdecl]<nint, nint>)&Repr)
            .Slot(CPython.Py_tp_iter, (delegate* unmanaged[Cdecl]<nint, nint>)&Iterate)
            .Slot(CPython.Py_am_await, (delegate* unmanaged[Cdecl]<nint, nint>)&Await)
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&IterNext)
            .Slot(CPython.Py_am_send, (delegate* unmanaged[Cdecl]<nint, nint, nint*, CPython.PySendResult>)&Send)
            .Member("_asyncio_future_blocking", CPython.T_BOOL, Offset(&layout, &layout.Blocking), readOnly: false)
            .Member("_loop", CPython.T_OBJECT, Offset(&layout, &layout.Loop), readOnly: true)
            .Member("_is_done", CPython.T_BOOL, Offset(&layout, &layout.State), readOnly: true)
            .Member("_is_missed", CPython.T_BOOL, Offset(&layout, &layout.IsMissed), readOnly: true)
            .Member("_result", CPython.T_OBJECT, Offset(&layout, &layout.Result), readOnly: true)
            .Member("_exception", CPython.T_OBJECT, Offset(&layout, &layout.Exception), readOnly: true)
            .Member("_callback", CPython.T_OBJECT, Offset(&layout, &layout.Callback), readOnly: true)
            .Member("_callback_context", CPython.T_OBJECT, Offset(&layout, &layout.CallbackContext), readOnly: true)
            .Member("_more_callbacks", CPython.T_OBJECT, Offset(&layout, &layout.MoreCallbacks), readOnly: true)
            .Member("__weaklistoffset__", CPython.T_PYSSIZET, Offset(&layout, &layout.WeakReferences), readOnly: true)
            .Method("__await__", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&AwaitMethod, CPython.METH_NOARGS | CPython.METH_COEXIST, "Return an iterator to be used in an await expression.");
        return FutureMethods.AddTo(FutureProperties.AddTo(type)).Create();
    }

    private static nint Offset(FutureLayout* start, void* field) => (nint)((byte*)field - (byte*)start);

    internal static FutureLayout* Layout(nint self) => (FutureLayout*)self;

    /// <summary>
    /// Gets the iterator of an await expression. A future that was created done ends the await at its first step: it serves as its own iterator, which
    /// saves an object. For others an exception may be thrown into the iterator, also by <c>anext(iterator, default)</c>, which calls this slot at each
    /// step.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Await(nint self) => IteratorOf(new BorrowedReference(self)).Take();

    /// <inheritdoc cref="Await"/>
    internal static NewReference IteratorOf(BorrowedReference future) =>
        Layout(future.Pointer)->WasPending == 0 ? NewReference.From(future) : FutureIteratorType.New(future);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Iterate(nint self) => FutureIteratorType.New(new BorrowedReference(self)).Take();

    /// <summary>Replaces CPython's wrapper of <see cref="Await"/>: code that calls the method may use all methods of the iterator.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint AwaitMethod(nint self, nint unused) => FutureIteratorType.New(new BorrowedReference(self)).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint IterNext(nint self)
    {
        nint result;
        switch (Step(self, &result))
        {
            case CPython.PySendResult.PYGEN_NEXT:
                return result;
            case CPython.PySendResult.PYGEN_RETURN:
                StopIteration.Set(new NewReference(result));
                return 0;
            default:
                return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CPython.PySendResult Send(nint self, nint value, nint* result) => Step(self, result);

    /// <summary>Makes one step of an await: returns the future itself while it is pending, then its outcome.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static CPython.PySendResult Step(nint self, nint* result)
    {
        FutureLayout* future = Layout(self);
        if (future->Result.IsNull)
        {
            return StepWithoutResult(self, result);
        }

        *result = NewReference.From(future->Result.Borrow()).Take();
        return CPython.PySendResult.PYGEN_RETURN;
    }

    private static CPython.PySendResult StepWithoutResult(nint self, nint* result)
    {
        FutureLayout* future = Layout(self);
        *result = 0;
        if (future->IsDone)
        {
            NewReference outcome = FutureObject.Outcome(future);
            *result = outcome.Take();
            return *result == 0 ? CPython.PySendResult.PYGEN_ERROR : CPython.PySendResult.PYGEN_RETURN;
        }

        if (future->Blocking != 0)
        {
            // The consumer does not wait for the future but iterates over it, which would never end.
            PythonErrors.Set("RuntimeError", "await wasn't used with future");
            return CPython.PySendResult.PYGEN_ERROR;
        }

        future->Blocking = 1;
        *result = NewReference.From(new BorrowedReference(self)).Take();
        return CPython.PySendResult.PYGEN_NEXT;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Repr(nint self)
    {
        FutureLayout* future = Layout(self);
        string text = future->State switch
        {
            FutureState.Pending => "pending",
            FutureState.Cancelled => "cancelled",
            _ => "finished",
        };
        if (!future->Exception.IsNull)
        {
            text += $" exception={PyText.TypeName(CPython.Py_TYPE(future->Exception.Borrow()))}: {PyText.Describe(future->Exception.Borrow())}";
        }
        else if (!future->Result.IsNull)
        {
            using NewReference result = CPython.PyObject_Repr(future->Result.Borrow());
            if (result.IsNull)
            {
                return 0;
            }

            text += " result=" + PyText.ToString(result.Borrow());
        }

        return PyText.FromString($"<pyasync.Future {text}>").Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Traverse(nint self, nint visit, nint argument)
    {
        var visitor = new GarbageVisitor(visit, argument);
        FutureLayout* future = Layout(self);
        int stop = visitor.Visit(future->Loop);
        stop = stop != 0 ? stop : visitor.Visit(future->Result);
        stop = stop != 0 ? stop : visitor.Visit(future->Exception);
        stop = stop != 0 ? stop : visitor.Visit(future->Traceback);
        stop = stop != 0 ? stop : visitor.Visit(future->Callback);
        stop = stop != 0 ? stop : visitor.Visit(future->CallbackContext);
        stop = stop != 0 ? stop : visitor.Visit(future->MoreCallbacks);
        stop = stop != 0 ? stop : visitor.Visit(future->CancelMessage);
        return stop != 0 ? stop : visitor.VisitType(self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Clear(nint self)
    {
        ClearFields(Layout(self));
        return 0;
    }

    private static void ClearFields(FutureLayout* future)
    {
        FutureCallbacks.Clear(future);
        future->Result.Clear();
        future->Exception.Clear();
        future->Traceback.Clear();
        future->CancelMessage.Clear();
        future->Loop.Clear();
    }

    /// <summary>Reports a failure that no code has retrieved to the loop, as <c>asyncio.Future.__del__</c> does.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finalize(nint self)
    {
        FutureLayout* future = Layout(self);
        if (future->LogTraceback == 0 || future->Exception.IsNull)
        {
            return;
        }

        // A finaliser must leave the thread's error unchanged.
        NewReference before = CPython.PyErr_GetRaisedException();
        future->LogTraceback = 0;
        LoopExceptionHandler.Call(
            future->Loop.Borrow(), "Future exception was never retrieved", future->Exception.Borrow(), new BorrowedReference(self));
        if (!before.IsNull)
        {
            CPython.PyErr_SetRaisedException(before);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        FutureLayout* future = Layout(self);
        if (future->LogTraceback != 0 && CPython.PyObject_CallFinalizerFromDealloc(self) < 0)
        {
            return; // The exception handler kept it.
        }

        if (future->IsUntracked == 0)
        {
            CPython.PyObject_GC_UnTrack(self);
        }

        if (future->WeakReferences != 0)
        {
            CPython.PyObject_ClearWeakRefs(self);
        }

        if (future->IsUntracked == 0)
        {
            ClearFields(future);
            FutureObject.ReleaseSource(future);
        }
        else
        {
            // The future has never been pending, nor failed: its other fields are empty. The next one usually has the same loop.
            future->Result.Clear();
            future->CancelMessage.Clear();
        }

        if (!FutureStore.Current.Memory.TryKeep(self))
        {
            future->Loop.Clear();
            HeapType.Free(self);
        }
    }

    private sealed class Registration() : TypeRegistration(Create());
}
