using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The positional arguments of <c>asyncio.Task</c>: a tuple of the coroutine, kept for the next task while nothing else refers to it. It is taken while a task is initialised,
/// because the coroutine's first step may make further tasks, and other threads may make tasks meanwhile. The GIL guards it.
/// </summary>
internal sealed class TaskArguments
{
    private OwnedReference _kept;

    /// <summary>Gets a tuple of the coroutine. NULL if there is no memory for it.</summary>
    /// <param name="coroutine">The coroutine; the tuple takes the reference. It stays the caller's if there is no tuple.</param>
    public NewReference With(NewReference coroutine)
    {
        NewReference tuple = _kept.Take();
        if (!tuple.IsNull && CPython.Py_REFCNT(tuple.Borrow()) != 1)
        {
            // Code that looks at all objects has found it: gc.get_objects().
            tuple.Dispose();
            tuple = default;
        }

        if (tuple.IsNull)
        {
            tuple = CPython.PyTuple_New(1);
        }

        if (!tuple.IsNull)
        {
            // Succeeds, since nothing else refers to the tuple.
            _ = CPython.PyTuple_SetItem(tuple.Borrow(), 0, coroutine.Steal());
        }

        return tuple;
    }

    /// <summary>Takes a tuple back, and releases the coroutine.</summary>
    public void Return(NewReference tuple)
    {
        if (_kept.IsNull && CPython.Py_REFCNT(tuple.Borrow()) == 1)
        {
            // Releasing the coroutine may run any code, which may return another tuple.
            _ = CPython.PyTuple_SetItem(tuple.Borrow(), 0, NewReference.From(InterpreterState.Current.None).Steal());
            if (_kept.IsNull)
            {
                _kept.Set(tuple);
                return;
            }
        }

        tuple.Dispose();
    }
}
