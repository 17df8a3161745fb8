using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The queue of a Python event loop: its writing side is <c>call_soon</c>. asyncio's own loops keep the queue in <c>_ready</c>, a deque, which is
/// trusted only while the handle that <c>call_soon</c> returned is found at its end. The queues of other loops cannot be read, and no queue is read if
/// private layouts are off (<see cref="CPythonLayouts"/>).
/// </summary>
/// <remarks>On the loop's thread, with the GIL held. It keeps no object alive from one turn to the next, because handles refer to the loop.</remarks>
internal sealed class LoopQueue(PythonEventLoop loop)
{
    private ImportedObject _dequeType = new("collections", "deque");
    private OwnedReference _queue;
    private bool _isUnreadable = !CPythonLayouts.AreAllowed;
    private bool? _isInDebugMode;

    /// <summary>True if asyncio's debug mode is on. A change takes effect in the next turn.</summary>
    public bool IsInDebugMode => _isInDebugMode ??= AskDebugMode();

    /// <summary>Gets the number of queued handles; -1 if the queue cannot be read.</summary>
    public nint Length => Find() ? CPython.PyObject_Size(_queue.Borrow()) : -1;

    /// <summary>True if the handle at this address is the last one.</summary>
    public bool IsLast(nint handle)
    {
        nint length = Length;
        if (length <= 0)
        {
            return false;
        }

        using NewReference last = CPython.PySequence_GetItem(_queue.Borrow(), length - 1);
        if (last.IsNull)
        {
            CPython.PyErr_Clear();
        }

        return last.Pointer == handle;
    }

    /// <summary>Calls <c>loop.call_soon(consume, drain)</c>.</summary>
    /// <returns>The handle's address, which the loop keeps alive until the drain runs; 0 with the error set if that fails.</returns>
    public nint Schedule(BorrowedReference drain)
    {
        using NewReference handle = loop.Reference.CallMethod(WellKnownNames.Current.CallSoon, CoreModules.Current.Consume, drain);
        if (!handle.IsNull && !_isUnreadable && !IsLast(handle.Pointer))
        {
            _isUnreadable = true;
            _queue.Clear();
        }

        return handle.Pointer;
    }

    /// <summary>Releases the queue. Called when the turn ends.</summary>
    public void Release()
    {
        _queue.Clear();
        _isInDebugMode = null;
    }

    private bool Find()
    {
        if (!_queue.IsNull)
        {
            return true;
        }

        if (_isUnreadable)
        {
            return false;
        }

        NewReference found = loop.Reference.GetAttr(WellKnownNames.Current.Ready);
        if (!found.IsNull && CPython.Py_TYPE(found.Borrow()) == _dequeType.Value)
        {
            _queue.Set(found);
            return true;
        }

        if (found.IsNull)
        {
            PythonErrors.Forget();
        }

        found.Dispose();
        _isUnreadable = true;
        return false;
    }

    private bool AskDebugMode()
    {
        using NewReference answer = loop.Reference.CallMethod(WellKnownNames.Current.GetDebug);
        if (answer.IsNull)
        {
            PythonErrors.Forget(); // A loop without a debug mode.
            return false;
        }

        return answer.Borrow() == InterpreterState.Current.True;
    }
}
