using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>The Python methods of <c>pyasync.Future</c>. They behave as asyncio's documentation describes.</summary>
internal static unsafe class FutureMethods
{
    public static HeapType AddTo(HeapType type) => type
        .Method("add_done_callback", (delegate* unmanaged[Cdecl]<nint, nint*, nint, nint, nint>)&AddDoneCallback, CPython.METH_FASTCALL | CPython.METH_KEYWORDS, "Add a callback to be run when the future becomes done.")
        .Method("remove_done_callback", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&RemoveDoneCallback, CPython.METH_O, "Remove all instances of a callback; return how many were removed.")
        .Method("result", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Result, CPython.METH_NOARGS, "Return the result, or raise the exception.")
        .Method("exception", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Exception, CPython.METH_NOARGS, "Return the exception that was set, or None.")
        .Method("done", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Done, CPython.METH_NOARGS, "Return True if the future is done.")
        .Method("cancelled", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Cancelled, CPython.METH_NOARGS, "Return True if the future was cancelled.")
        .Method("cancel", (delegate* unmanaged[Cdecl]<nint, nint*, nint, nint, nint>)&Cancel, CPython.METH_FASTCALL | CPython.METH_KEYWORDS, "Request the cancellation of the .NET work.")
        .Method("get_loop", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetLoop, CPython.METH_NOARGS, "Return the event loop that the future is bound to.")
        .Method("set_result", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&SetResult, CPython.METH_O, "Not supported: only .NET completes the future.")
        .Method("set_exception", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&SetResult, CPython.METH_O, "Not supported: only .NET completes the future.")
        .Method("_make_cancelled_error", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&MakeCancelledError, CPython.METH_NOARGS, "Create the CancelledError to raise, for asyncio.gather.")
        .Method("__class_getitem__", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&ClassGetItem, CPython.METH_O | CPython.METH_CLASS, "For type hints: pyasync.Future[int].");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint AddDoneCallback(nint self, nint* arguments, nint count, nint keywordNames)
    {
        if (count != 1 || !TryKeyword(arguments, count, keywordNames, "context", out BorrowedReference given))
        {
            PythonErrors.Set("TypeError", "add_done_callback() takes one callback and the keyword 'context'");
            return 0;
        }

        var callback = new BorrowedReference(arguments[0]);
        given = given.IsNull || given.IsNone ? default : given;
        FutureLayout* future = FutureType.Layout(self);
        bool ok = future->IsDone
            ? FutureCallbacks.Schedule(new BorrowedReference(self), callback, given)
            : FutureCallbacks.Add(future, callback, given);
        return ok ? None() : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint RemoveDoneCallback(nint self, nint callback)
    {
        long removed = FutureCallbacks.Remove(FutureType.Layout(self), new BorrowedReference(callback));
        return removed < 0 ? 0 : CPython.PyLong_FromLongLong(removed).Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Result(nint self, nint unused)
    {
        FutureLayout* future = FutureType.Layout(self);
        if (future->IsDone)
        {
            future->IsMissed = 0;
            return FutureObject.Outcome(future).Take();
        }

        PythonErrors.Set(WellKnownObjects.Current.InvalidStateError, "Result is not set.");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Exception(nint self, nint unused)
    {
        FutureLayout* future = FutureType.Layout(self);
        if (!future->IsDone)
        {
            PythonErrors.Set(WellKnownObjects.Current.InvalidStateError, "Exception is not set.");
            return 0;
        }

        if (future->State == FutureState.Cancelled)
        {
            return FutureObject.Outcome(future).Take();
        }

        future->IsMissed = 0;
        future->LogTraceback = 0;
        return future->Exception.IsNull ? None() : NewReference.From(future->Exception.Borrow()).Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Done(nint self, nint unused) => Boolean(FutureType.Layout(self)->IsDone);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Cancelled(nint self, nint unused) => Boolean(FutureType.Layout(self)->State == FutureState.Cancelled);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Cancel(nint self, nint* arguments, nint count, nint keywordNames)
    {
        if (count > 1 || !TryKeyword(arguments, count, keywordNames, "msg", out BorrowedReference message))
        {
            PythonErrors.Set("TypeError", "cancel() takes at most one argument, 'msg'");
            return 0;
        }

        FutureLayout* future = FutureType.Layout(self);
        future->LogTraceback = 0;
        if (future->IsDone || future->IsCancelRequested != 0)
        {
            // A repeated request has no effect here. A task that is cancelled again marks itself when it gets False.
            return Boolean(false);
        }

        if (count == 1)
        {
            message = new BorrowedReference(arguments[0]);
        }

        future->CancelMessage.Set(NewReference.From(message));
        try
        {
            if (FutureObject.SourceOf(future) is { } source && !source.Cancel())
            {
                // The work decides, and its result may still arrive. A task that gets True relies on CancelledError from this future: see
                // MarkCancelled. Task.cancel() always passes a message, None at least.
                future->IsCancelRequested = 1;
                if (!message.IsNull)
                {
                    FutureCallbacks.MarkCancelled(future);
                }

                return Boolean(true);
            }

            return FutureObject.CancelNow(new BorrowedReference(self)) ? Boolean(true) : 0;
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetLoop(nint self, nint unused) => FutureObject.LoopOf(FutureType.Layout(self)).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint SetResult(nint self, nint value)
    {
        PythonErrors.Set("RuntimeError", "A future of .NET work is completed by that work; set_result and set_exception are not supported");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint MakeCancelledError(nint self, nint unused) => FutureObject.CancelledError(FutureType.Layout(self)).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint ClassGetItem(nint type, nint item)
    {
        try
        {
            return WellKnownObjects.Current.Import("types", "GenericAlias")
                .Call(new BorrowedReference(type), new BorrowedReference(item)).Take();
        }
        catch (PythonException e)
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    /// <summary>Reads the one keyword argument that a method takes; false if there is another.</summary>
    private static bool TryKeyword(nint* arguments, nint positional, nint keywordNames, string name, out BorrowedReference value)
    {
        value = default;
        if (keywordNames == 0)
        {
            return true;
        }

        var names = new BorrowedReference(keywordNames);
        if (CPython.PyTuple_Size(names) != 1 || PyText.ToString(CPython.PyTuple_GetItem(names, 0)) != name)
        {
            return false;
        }

        value = new BorrowedReference(arguments[positional]);
        return true;
    }

    private static nint None() => NewReference.From(InterpreterState.Current.None).Take();

    private static nint Boolean(bool value) => PyConvert.Boolean.ToReference(value).Take();
}
