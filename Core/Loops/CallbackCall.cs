using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Calls a done callback of a future in its context, or schedules the call. On the loop's thread, with the GIL held.</summary>
internal static unsafe class CallbackCall
{
    /// <summary>Calls the callback. Its exception goes to the loop's exception handler.</summary>
    /// <returns>False if it raised SystemExit or KeyboardInterrupt, which is then the current error.</returns>
    public static bool Make(BorrowedReference loop, BorrowedReference future, BorrowedReference callback, BorrowedReference context)
    {
        if (CPython.PyContext_Enter(context) < 0)
        {
            return false;
        }

        using NewReference result = callback.Call(future);
        NewReference error = result.IsNull ? CPython.PyErr_GetRaisedException() : default;
        _ = CPython.PyContext_Exit(context);
        if (error.IsNull)
        {
            return true;
        }

        if (PostponedInterrupt.IsInterrupt(error.Borrow()))
        {
            CPython.PyErr_SetRaisedException(error);
            return false;
        }

        using NewReference kept = error;
        using NewReference handle = NewHandle(loop, future, callback);
        string? description = handle.IsNull ? null : Description(handle.Borrow());

        // A handle without a description stays out of the report: the loop's handler describes it too, and its failure would replace the report.
        LoopExceptionHandler.Call(
            loop, $"Exception in callback {description ?? PyText.Describe(callback)}", kept.Borrow(), future, description is null ? default : handle.Borrow());
        return true;
    }

    /// <summary>Calls <c>loop.call_soon(callback, future, context=context)</c>; false with the error set if that fails.</summary>
    public static bool Schedule(BorrowedReference loop, BorrowedReference future, BorrowedReference callback, BorrowedReference context)
    {
        // SAFETY: one slot more than arguments, as the offset flag promises.
        nint* args = stackalloc nint[5] { 0, loop.Pointer, callback.Pointer, future.Pointer, context.Pointer };
        using NewReference handle = CPython.PyObject_VectorcallMethod(
            WellKnownNames.Current.CallSoon.Reference, args + 1, 3 | CPython.PY_VECTORCALL_ARGUMENTS_OFFSET, WellKnownObjects.Current.ContextKeyword);
        return !handle.IsNull;
    }

    /// <summary>Creates the <c>asyncio.Handle</c> that <c>call_soon</c> would have returned, for the report of a failure; NULL if that fails.</summary>
    private static NewReference NewHandle(BorrowedReference loop, BorrowedReference future, BorrowedReference callback)
    {
        BorrowedReference type = WellKnownObjects.Current.FindImported("asyncio", "Handle");
        using NewReference arguments = CPython.PyTuple_New(1);
        if (type.IsNull || arguments.IsNull)
        {
            PythonErrors.Forget();
            return default;
        }

        PyTuple.Set(arguments.Borrow(), 0, NewReference.From(future));
        NewReference handle = type.Call(callback, arguments.Borrow(), loop);
        if (handle.IsNull)
        {
            PythonErrors.Forget();
        }

        return handle;
    }

    /// <summary>Describes a callback as asyncio does, with its place in the source: <c>repr</c> of the handle has that. Null if <c>repr</c> of the callback fails.</summary>
    private static string? Description(BorrowedReference handle)
    {
        const string Start = "<Handle ";
        using NewReference repr = CPython.PyObject_Repr(handle);
        if (repr.IsNull)
        {
            PythonErrors.Forget();
            return null;
        }

        string text = PyText.ToString(repr.Borrow());
        return text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..^1] : text;
    }
}
