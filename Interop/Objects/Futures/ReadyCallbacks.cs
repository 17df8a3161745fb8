using System.Diagnostics;

namespace PyAsync.Interop;

/// <summary>
/// The wake-ups of tasks whose futures a drain has completed. The drain's caller runs them once its C# code has returned: what comes next is the
/// tasks' own code, to which C# code below it on the stack is nothing but a danger (see <see cref="DrainTypes"/>).
/// </summary>
/// <remarks>One for each loop. The GIL guards it.</remarks>
internal sealed class ReadyCallbacks
{
    private readonly Queue<(nint Context, nint Callback, nint Future)> _waiting = new();

    // The future of the last that was taken in; only to compare.
    private nint _last;
    private long _deadline;
    private int _taken;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Whether the last that was taken in is of this future, and others wait still.</summary>
    public bool IsLastOf(BorrowedReference future) => _waiting.Count > 0 && _last == future.Pointer;

    /// <summary>Takes a callback, unless it is another than a task's wake-up, or its context is entered already.</summary>
    public bool TryAdd(BorrowedReference context, BorrowedReference callback, BorrowedReference future)
    {
        if (!IsWakeUp(callback) || !CanEnter(context))
        {
            return false;
        }

        _last = future.Pointer;
        _waiting.Enqueue((NewReference.From(context).Take(), NewReference.From(callback).Take(), NewReference.From(future).Take()));
        return true;
    }

    /// <summary>From now on they may be taken, until the deadline: what is left then waits for the next turn of the loop.</summary>
    public void Begin(long deadline)
    {
        _deadline = deadline;
        _taken = 0;
    }

    /// <summary>The arguments of the next call of <c>Context.run</c>, as a tuple; NULL when there is none for now, or with the error set.</summary>
    public NewReference TakeCall()
    {
        // Looking at the clock costs as much as a small step: every sixteenth time will do.
        if (_waiting.Count == 0 || (++_taken % 16 == 0 && Stopwatch.GetTimestamp() > _deadline))
        {
            return default;
        }

        NewReference call = CPython.PyTuple_New(3);
        if (call.IsNull)
        {
            return default; // No memory; the callback waits.
        }

        (nint context, nint callback, nint future) = _waiting.Dequeue();
        _ = CPython.PyTuple_SetItem(call.Borrow(), 0, new NewReference(context).Steal());
        _ = CPython.PyTuple_SetItem(call.Borrow(), 1, new NewReference(callback).Steal());
        _ = CPython.PyTuple_SetItem(call.Borrow(), 2, new NewReference(future).Steal());
        return call;
    }

    /// <summary>Drops what is left: the loop is closed.</summary>
    public void Clear()
    {
        while (_waiting.TryDequeue(out (nint Context, nint Callback, nint Future) call))
        {
            new NewReference(call.Context).Dispose();
            new NewReference(call.Callback).Dispose();
            new NewReference(call.Future).Dispose();
        }
    }

    /// <summary>Whether a callback is what asyncio's tasks, those written in C, add to what they await: it raises nothing but what ends the run.</summary>
    private static bool IsWakeUp(BorrowedReference callback)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        return callback.IsInstanceOfExactly(objects.BuiltinFunctionType)
            && CPython.PyCFunction_GetSelf(callback) is { IsNull: false } self
            && (self.IsInstanceOfExactly(objects.TaskType) || CPython.PyType_IsSubtype(CPython.Py_TYPE(self), objects.TaskType) != 0);
    }

    private static bool CanEnter(BorrowedReference context)
    {
        if (CPython.PyContext_Enter(context) < 0)
        {
            CPython.PyErr_Clear();
            return false;
        }

        _ = CPython.PyContext_Exit(context);
        return true;
    }
}
