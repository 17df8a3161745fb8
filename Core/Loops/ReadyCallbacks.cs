using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The calls that a drain has made ready to run on its loop: callbacks of futures that it completed, and requests. They run in the loop's order: after
/// the drain has returned if nothing that was scheduled earlier is waiting, else in the turn of a drain that was scheduled behind the waiting
/// callbacks.
/// </summary>
/// <remarks>
/// One for each loop; the GIL guards it. Each drain in the loop's queue is a place for some of the calls; places and calls are used in their order. A
/// drain in the queue costs one <c>call_soon</c> for any number of calls. The drain's caller runs the wake-ups of tasks, with no C# code below them on
/// the stack (see <see cref="DrainTypes"/>).
/// </remarks>
internal sealed class ReadyCallbacks(LoopTurns loop)
{
    private readonly Queue<ReadyCall> _calls = new();

    // The number of calls at each drain in the loop's queue, from _firstPlace on.
    private readonly List<int> _places = [];
    private int _firstPlace;

    // The handle of the last of these drains, which the queue keeps alive; only compared.
    private nint _lastHandle;

    // True while nothing can have been scheduled behind the last of these drains; only for loops whose queue cannot be read.
    private bool _isLastForSure;

    // The number of calls at the head that may run in this turn.
    private int _turn;
    private int _items;

    public bool IsEmpty => _calls.Count == 0;

    /// <summary>True if requests are waiting here.</summary>
    public bool HasItems => _items > 0;

    /// <summary>True if calls may run now.</summary>
    public bool HasTurn => _turn > 0;

    /// <summary>True if a drain is in the loop's queue.</summary>
    public bool IsDrainScheduled => _firstPlace < _places.Count;

    /// <summary>True if code that runs now overtakes nothing: neither a callback in the loop's queue, apart from drains, nor a call that is waiting here.</summary>
    public bool MayRunNow => IsEmpty && loop.QueueLength == _places.Count - _firstPlace;

    /// <summary>Schedules a drain behind the callbacks in the loop's queue.</summary>
    /// <returns>False if the loop is closed.</returns>
    public bool ScheduleDrain() => TakePlace(calls: 0);

    /// <summary>Called when a drain from the loop's queue begins: the calls at its place may run.</summary>
    public void BeginTurn()
    {
        if (!IsDrainScheduled)
        {
            return; // One more than was counted: after an interrupt ScheduleDrain has repeated its call.
        }

        _turn += _places[_firstPlace++];
        if (!IsDrainScheduled)
        {
            _places.Clear();
            _firstPlace = 0;
            _lastHandle = 0;
        }
    }

    /// <summary>Called when code has run that may have scheduled something.</summary>
    public void NoteForeignCode() => _isLastForSure = false;

    /// <summary>Adds a request.</summary>
    public void Add(IInboxItem item)
    {
        if (TakeRoom())
        {
            _items++;
            _calls.Enqueue(new ReadyCall(item));
        }
    }

    /// <summary>Adds a callback of a future that is done.</summary>
    /// <param name="future">The callback's argument.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="context">The context to run it in.</param>
    public void Add(BorrowedReference future, BorrowedReference callback, BorrowedReference context)
    {
        if (loop.IsInDebugMode)
        {
            bool isScheduled = loop.CallSoon(future, callback, context);
            NoteForeignCode();
            if (isScheduled)
            {
                return;
            }
        }

        if (TakeRoom())
        {
            _calls.Enqueue(new ReadyCall(future, callback, context));
        }
    }

    /// <summary>
    /// Runs calls that may run in this turn up to the next wake-up of a task, and returns that as a tuple of arguments for <c>Context.run</c>; NULL if
    /// there is none left, or with the error set.
    /// </summary>
    public NewReference TakeCall()
    {
        while (_turn > 0 && _calls.TryPeek(out ReadyCall call) && (call.Item is null || loop.MayRunMore))
        {
            // Before the call, which may run the loop again (nest_asyncio), and with it the remaining calls.
            _calls.Dequeue();
            _turn--;
            if (call.Item is { } item)
            {
                _items--;
                if (!loop.Run(item))
                {
                    return default;
                }
            }
            else if (!TaskWakeUp.Current.TaskOf(call.Callback).IsNull)
            {
                NewReference arguments = call.TakeArguments(loop);
                if (!arguments.IsNull)
                {
                    return arguments;
                }
            }
            else if (!call.Run(loop))
            {
                return default;
            }
        }

        loop.EndTurn();
        return default;
    }

    /// <summary>Gets the callbacks of futures that are waiting here, as a Python list of (callback, future, context).</summary>
    public NewReference ListOfCallbacks()
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (ReadyCall call in _calls)
        {
            if (call.Item is null)
            {
                using NewReference entry = call.ToTuple();
                PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), entry.Borrow()));
            }
        }

        return NewReference.From(list.Borrow());
    }

    /// <summary>Abandons the requests; their places stay, and nothing runs there.</summary>
    public void AbandonItems(Exception reason)
    {
        for (int left = _calls.Count; left > 0; left--)
        {
            ReadyCall call = _calls.Dequeue();
            _calls.Enqueue(call.Item is null ? call : new ReadyCall(new WakeUpItem()));
            call.Item?.Abandon(reason);
        }
    }

    /// <summary>Drops the callbacks. Called when the loop is closed.</summary>
    /// <returns>The requests, in their order.</returns>
    public IReadOnlyList<IInboxItem> Close()
    {
        List<IInboxItem> items = [];
        while (_calls.TryDequeue(out ReadyCall call))
        {
            if (call.Item is { } item)
            {
                items.Add(item);
            }
            else
            {
                call.Dispose();
            }
        }

        _turn = 0;
        _items = 0;
        _places.Clear();
        _firstPlace = 0;
        _lastHandle = 0;
        return items;
    }

    /// <summary>Makes room for one call: in this turn if that overtakes nothing, at the last drain if nothing was scheduled behind it, else at a new drain.</summary>
    private bool TakeRoom()
    {
        if (_calls.Count == _turn && loop.QueueLength == _places.Count - _firstPlace)
        {
            _turn++;
            return true;
        }

        if (IsDrainScheduled && (_isLastForSure || loop.IsLastInQueue(_lastHandle)))
        {
            _places[^1]++;
            return true;
        }

        if (TakePlace(calls: 1))
        {
            return true;
        }

        // An open loop that refuses call_soon: the call runs with the others of this turn, because otherwise it would never run.
        _turn += loop.IsClosed ? 0 : 1;
        return !loop.IsClosed;
    }

    private bool TakePlace(int calls)
    {
        nint handle = loop.ScheduleDrain();
        if (handle == 0)
        {
            return false;
        }

        _places.Add(calls);
        _lastHandle = handle;
        _isLastForSure = true;
        return true;
    }
}
