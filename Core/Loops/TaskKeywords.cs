using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The keyword arguments of <c>asyncio.Task</c>, in a dictionary that every task of a drain is initialised with. It keeps the loop until the drain, or the
/// turn, ends: a reference that stays would keep a loop alive that is dropped without being closed. The GIL guards it.
/// </summary>
internal sealed class TaskKeywords
{
    private OwnedReference _keywords;
    private nint _loop;

    /// <param name="isEager">True for tasks that asyncio starts at once (3.12 and newer).</param>
    public TaskKeywords(bool isEager)
    {
        _keywords.Set(CPython.PyDict_New().OrThrow());
        if (isEager)
        {
            Set("eager_start", InterpreterState.Current.True);
        }
    }

    /// <summary>Gets the keywords with a loop; NULL if that has set an exception. Only until the next call that may release the GIL: another thread may need them for its loop.</summary>
    public BorrowedReference For(BorrowedReference loop)
    {
        if (_loop != loop.Pointer)
        {
            if (CPython.PyDict_SetItem(_keywords.Borrow(), WellKnownNames.Current.Loop.Reference, loop) < 0)
            {
                return default;
            }

            _loop = loop.Pointer;
        }

        return _keywords.Borrow();
    }

    /// <summary>Forgets the loop.</summary>
    public void Release()
    {
        if (_loop != 0)
        {
            _loop = 0;
            Set("loop", InterpreterState.Current.None);
        }
    }

    private void Set(string name, BorrowedReference value) =>
        PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(_keywords.Borrow(), WellKnownNames.Current[name].Reference, value));
}
