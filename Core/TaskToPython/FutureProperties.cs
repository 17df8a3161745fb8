using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>The Python properties of <c>pyasync.Future</c> that are more than a field of its memory.</summary>
internal static unsafe class FutureProperties
{
    public static HeapType AddTo(HeapType type) => type
        .Property("__class__", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetClass, "asyncio.Future, so that isinstance() and singledispatch treat the future as one.", (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetClass)
        .Property("_state", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetState)
        .Property("_callbacks", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetCallbacks)
        .Property("_asyncio_awaited_by", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetAwaitedBy)
        .Property("_source_traceback", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetSourceTraceback)
        .Property("_log_traceback", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetLogTraceback, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetLogTraceback)
        .Property("_cancel_message", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetCancelMessage, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetCancelMessage);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetClass(nint self, nint closure)
    {
        try
        {
            return NewReference.From(WellKnownObjects.Current.FutureType).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    /// <summary>Refuses the assignment with CPython's message for an <c>asyncio.Future</c>.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetClass(nint self, nint value, nint closure)
    {
        PythonErrors.Set(
            "TypeError",
            value == 0 ? "can't delete __class__ attribute" : "__class__ assignment only supported for mutable types or ModuleType subclasses");
        return -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetState(nint self, nint closure) => PyText.FromString(FutureType.Layout(self)->State switch
    {
        FutureState.Pending => "PENDING",
        FutureState.Cancelled => "CANCELLED",
        _ => "FINISHED",
    }).Take();

    /// <summary>Gets a list of (callback, context), or None, as asyncio's debugging tools read it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetCallbacks(nint self, nint closure)
    {
        FutureLayout* future = FutureType.Layout(self);
        if (future->Callback.IsNull)
        {
            return NewReference.From(InterpreterState.Current.None).Take();
        }

        using NewReference list = CPython.PyList_New(0), pair = CPython.PyTuple_New(2);
        if (list.IsNull || pair.IsNull)
        {
            return 0;
        }

        PyTuple.Set(pair.Borrow(), 0, NewReference.From(future->Callback.Borrow()));
        PyTuple.Set(pair.Borrow(), 1, NewReference.From(future->CallbackContext.Borrow()));
        bool ok = CPython.PyList_Append(list.Borrow(), pair.Borrow()) == 0;
        nint count = future->MoreCallbacks.IsNull ? 0 : CPython.PyList_Size(future->MoreCallbacks.Borrow());
        for (nint i = 0; ok && i < count; i++)
        {
            ok = CPython.PyList_Append(list.Borrow(), CPython.PyList_GetItem(future->MoreCallbacks.Borrow(), i)) == 0;
        }

        return ok ? NewReference.From(list.Borrow()).Take() : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetAwaitedBy(nint self, nint closure)
    {
        try
        {
            return CallGraph.AwaitedBy(FutureType.Layout(self)).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    /// <summary>Returns None: the future is created in C#.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetSourceTraceback(nint self, nint closure) => NewReference.From(InterpreterState.Current.None).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetLogTraceback(nint self, nint closure) =>
        PyConvert.Boolean.ToReference(FutureType.Layout(self)->LogTraceback != 0).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetLogTraceback(nint self, nint value, nint closure)
    {
        if (value == 0)
        {
            return CannotDelete();
        }

        int isTrue = CPython.PyObject_IsTrue(new BorrowedReference(value));
        if (isTrue == 0)
        {
            FutureType.Layout(self)->LogTraceback = 0;
            return 0;
        }

        if (isTrue > 0)
        {
            PythonErrors.Set("ValueError", "_log_traceback can only be set to False");
        }

        return -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetCancelMessage(nint self, nint closure)
    {
        OwnedReference message = FutureType.Layout(self)->CancelMessage;
        return NewReference.From(message.IsNull ? InterpreterState.Current.None : message.Borrow()).Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetCancelMessage(nint self, nint value, nint closure)
    {
        if (value == 0)
        {
            return CannotDelete();
        }

        FutureType.Layout(self)->CancelMessage.Set(NewReference.From(new BorrowedReference(value)));
        return 0;
    }

    private static int CannotDelete()
    {
        PythonErrors.Set("AttributeError", "cannot delete attribute");
        return -1;
    }
}
