using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The Python type <c>pyasync.Future</c>: what Python awaits when .NET works. It follows the protocol of
/// <c>asyncio.Future</c> (https://docs.python.org/3/library/asyncio-future.html) for whoever consumes one; only .NET
/// completes it.
/// </summary>
internal static unsafe class FutureType
{
    public static NewReference Create()
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
            .Slot(CPython.Py_tp_iter, "PyObject_SelfIter")
            .Slot(CPython.Py_am_await, "PyObject_SelfIter")
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&IterNext)
            .Slot(CPython.Py_am_send, (delegate* unmanaged[Cdecl]<nint, nint, nint*, CPython.PySendResult>)&Send)
            .Member("_asyncio_future_blocking", CPython.T_BOOL, Offset(&layout, &layout.Blocking), readOnly: false)
            .Member("_log_traceback", CPython.T_BOOL, Offset(&layout, &layout.LogTraceback), readOnly: false)
            .Member("_loop", CPython.T_OBJECT, Offset(&layout, &layout.Loop), readOnly: true)
            .Member("_is_done", CPython.T_BOOL, Offset(&layout, &layout.State), readOnly: true)
            .Member("_callback", CPython.T_OBJECT, Offset(&layout, &layout.Callback), readOnly: true)
            .Member("_callback_context", CPython.T_OBJECT, Offset(&layout, &layout.CallbackContext), readOnly: true)
            .Member("_more_callbacks", CPython.T_OBJECT, Offset(&layout, &layout.MoreCallbacks), readOnly: true)
            .Member("_cancel_message", CPython.T_OBJECT, Offset(&layout, &layout.CancelMessage), readOnly: false)
            .Member("__weaklistoffset__", CPython.T_PYSSIZET, Offset(&layout, &layout.WeakReferences), readOnly: true)
            .Property("_state", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetState);
        return FutureMethods.AddTo(type).Create();
    }

    private static nint Offset(FutureLayout* start, void* field) => (nint)((byte*)field - (byte*)start);

    internal static FutureLayout* Layout(nint self) => (FutureLayout*)self;

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

    /// <summary>One step of an await: the future itself while it is pending, then its outcome.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CPython.PySendResult Step(nint self, nint* result)
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
            // Nobody has taken it as a thing to wait for: it is iterated over, which would never end.
            PythonErrors.Set("RuntimeError", "await wasn't used with future");
            return CPython.PySendResult.PYGEN_ERROR;
        }

        future->Blocking = 1;
        *result = NewReference.From(new BorrowedReference(self)).Take();
        return CPython.PySendResult.PYGEN_NEXT;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetState(nint self, nint closure) => PyText.FromString(StateName(Layout(self)->State)).Take();

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

    private static string StateName(FutureState state) => state switch
    {
        FutureState.Pending => "PENDING",
        FutureState.Cancelled => "CANCELLED",
        _ => "FINISHED",
    };

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

    /// <summary>Tells the loop of a failure that nobody looked at, as <c>asyncio.Future.__del__</c> does.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finalize(nint self)
    {
        FutureLayout* future = Layout(self);
        if (future->LogTraceback == 0 || future->Exception.IsNull)
        {
            return;
        }

        // A finaliser must leave the thread's error as it was.
        NewReference before = CPython.PyErr_GetRaisedException();
        future->LogTraceback = 0;
        ExceptionHandler.Call(
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
            // It has never been pending, nor failed: the other fields are empty. The next one mostly has the same loop.
            future->Result.Clear();
            future->CancelMessage.Clear();
        }

        if (!PythonInterpreter.Current.FutureMemory.TryKeep(self))
        {
            future->Loop.Clear();
            HeapType.Free(self);
        }
    }
}
