using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>The .NET work that Python awaits on one loop. The GIL guards it.</summary>
internal sealed class PendingWork
{
    private readonly NumberedItems<IAwaitedWork> _items = new();

    // Set at the end of the runtime only.
    private TaskCompletionSource? _callsEnded;
    private int _calls;

    /// <summary>The number of pieces of work.</summary>
    public int Count => _items.Count;

    /// <summary>Adds work, and returns the number to pass to <see cref="Remove"/>.</summary>
    public int Add(IAwaitedWork work)
    {
        if (_callsEnded is not null && work.IsCall)
        {
            _calls++;
        }

        return _items.Add(work);
    }

    public void Remove(int number)
    {
        if (_items.Take(number) is { IsCall: true } && _callsEnded is not null && --_calls == 0)
        {
            _callsEnded.TrySetResult();
        }
    }

    /// <summary>
    /// Gets a Task that completes when no call is in flight, not even one whose future is done: work without a token continues when Python cancels
    /// its future. Called once, by the end of the runtime.
    /// </summary>
    public Task WhenCallsEnded()
    {
        _callsEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls = Array.FindAll(_items.All, static work => work.IsCall).Length;
        if (_calls == 0)
        {
            _callsEnded.TrySetResult();
        }

        return _callsEnded.Task;
    }

    /// <summary>Requests the cancellation of all work, and returns its futures as a Python list.</summary>
    public NewReference Cancel()
    {
        using NewReference futures = CPython.PyList_New(0).OrThrow();
        IAwaitedWork[] all = _items.All;
        foreach (IAwaitedWork work in all)
        {
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(futures.Borrow(), work.Future));
        }

        foreach (IAwaitedWork work in all)
        {
            work.Cancel();
        }

        return NewReference.From(futures.Borrow());
    }

    /// <summary>Gets the names of the work.</summary>
    /// <param name="except">A future that only the end of the runtime awaits; null for none.</param>
    public string[] Names(PyObject? except)
    {
        var names = new List<string>();
        foreach (IAwaitedWork work in _items.All)
        {
            if (except is null || work.Future != except.Reference)
            {
                names.Add(work.Name);
            }
        }

        return [.. names];
    }

    /// <summary>Ends the futures that Python awaits as cancelled. Called when the runtime stops waiting.</summary>
    public void GiveUp()
    {
        foreach (IAwaitedWork work in _items.TakeAll())
        {
            work.GiveUp();
        }
    }

    /// <summary>Settles all work. Called when the loop has closed.</summary>
    public void LoopClosed()
    {
        foreach (IAwaitedWork work in _items.TakeAll())
        {
            work.LoopClosed();
        }
    }
}
