using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The loop as <see cref="ReadyCallbacks"/> uses it: schedules drains and callbacks in the loop's queue, and runs items for the length of a turn. On
/// the loop's thread, with the GIL held.
/// </summary>
internal sealed class LoopTurns(PythonEventLoop loop)
{
    /// <summary>The time after which timers and sockets have their turn: 1 ms.</summary>
    public static readonly long MaxTicks = Stopwatch.Frequency / 1_000;

    private OwnedReference _drain;
    private LoopWaker? _waker;
    private int _itemsInTurn;
    private long _turnDeadline;
    private bool _isTurnOver;
    private bool _hasReportedRefusal;

    /// <summary>Gets the loop's queue.</summary>
    public LoopQueue Queue { get; } = new(loop);

    public LoopInterrupts Interrupts { get; } = new();

    /// <summary>Gets the loop object, while the loop is not closed.</summary>
    public BorrowedReference Reference => loop.Reference;

    /// <summary>True if asyncio's debug mode is on: each callback then has its own handle, by which asyncio reports a slow callback.</summary>
    public bool IsInDebugMode => Queue.IsInDebugMode;

    public bool IsClosed => loop.IsClosed;

    /// <summary>Gets the number of handles in the loop's queue; -1 if the queue cannot be read.</summary>
    public nint QueueLength => Queue.Length;

    /// <summary>False if this turn has run requests for so long that the rest is left to the next turn: timers and sockets must have their turn.</summary>
    public bool MayRunMore => !_isTurnOver;

    /// <summary>Sets the object that a scheduled drain runs. Takes the reference.</summary>
    public void SetDrain(NewReference drain) => _drain.Set(drain);

    /// <summary>Sets the waker, which wakes the loop if the loop refuses a <c>call_soon</c>.</summary>
    public void SetWaker(LoopWaker waker) => _waker = waker;

    /// <summary>True if the handle at this address is the last one in the loop's queue.</summary>
    public bool IsLastInQueue(nint handle) => Queue.IsLast(handle);

    /// <summary>Calls <c>loop.call_soon(drain)</c>; keeps the current Python error, if there is one.</summary>
    /// <returns>The handle's address, to compare; 0 if the loop refused. An open loop is then woken, and runs a drain nevertheless.</returns>
    public nint ScheduleDrain()
    {
        NewReference error = CPython.PyErr_GetRaisedException();

        // call_soon copies the current context, which may be that of a task whose code has called C#: the requests of the drain must not see its variables.
        using NewReference context = loop.NewDrainContext();
        bool isEntered = !context.IsNull && CPython.PyContext_Enter(context.Borrow()) == 0;
        nint handle = 0;
        for (int attempt = 0; !loop.IsClosed && handle == 0; attempt++)
        {
            handle = Queue.Schedule(_drain.Borrow());
            if (handle == 0 && !Interrupts.TryKeepOfCallSoon(attempt, out NewReference refusal))
            {
                OnRefused(refusal);
                break;
            }
        }

        if (isEntered)
        {
            _ = CPython.PyContext_Exit(context.Borrow());
        }

        if (!error.IsNull)
        {
            CPython.PyErr_SetRaisedException(error);
        }

        return handle;
    }

    /// <summary>Calls <c>loop.call_soon(callback, future, context=context)</c>. An interrupt during the call does not lose the callback.</summary>
    /// <returns>False if the loop refused.</returns>
    public bool CallSoon(BorrowedReference future, BorrowedReference callback, BorrowedReference context)
    {
        for (int attempt = 0; !CallbackCall.Schedule(loop.Reference, future, callback, context); attempt++)
        {
            if (!Interrupts.TryKeepOfCallSoon(attempt, out NewReference refusal))
            {
                OnRefused(refusal);
                return false;
            }
        }

        return true;
    }

    /// <summary>Begins a turn.</summary>
    public void Begin()
    {
        _itemsInTurn = 0;
        _isTurnOver = false;
    }

    /// <summary>Runs an item.</summary>
    /// <returns>False if it leaves a SystemExit or KeyboardInterrupt as the current error.</returns>
    public bool Run(IInboxItem item)
    {
        EntryFromPython entry = EntryFromPython.Begin();
        IInboxItem? outer = loop.RunningItem;
        loop.RunningItem = item;
        try
        {
            return item.Run(loop);
        }
        finally
        {
            loop.RunningItem = outer;
            entry.End();

            if (++_itemsInTurn % 16 == 0)
            {
                loop.Completions.Flush(); // Outcomes of a long turn do not wait for its end.
                long now = Stopwatch.GetTimestamp();
                _turnDeadline = _itemsInTurn == 16 ? now + MaxTicks : _turnDeadline;
                _isTurnOver = now > _turnDeadline;
            }
        }
    }

    /// <summary>Called when everything that may run in this turn has run.</summary>
    public void EndTurn()
    {
        _waker!.EndWoken();
        Queue.Release();
        AsyncioObjects.Current.ReleaseLoop();
        loop.Completions.Flush();
    }

    /// <summary>Releases the Python objects. Called when the loop has closed.</summary>
    public void Close()
    {
        _drain.Clear();
        Queue.Release();
        Interrupts.Clear();
    }

    /// <summary>
    /// Handles a <c>call_soon</c> that the loop has refused. A closed loop ends the .NET side of the loop. An open loop (a loop class whose
    /// <c>call_soon</c> fails) is woken instead: completions from C# then have no place in the loop's order, but are neither lost nor delayed.
    /// </summary>
    private void OnRefused(NewReference refusal)
    {
        using NewReference owned = refusal;
        using NewReference isClosed = loop.Reference.CallMethod(WellKnownNames.Current.IsClosed);
        if (isClosed.Borrow() != InterpreterState.Current.False)
        {
            PythonErrors.Forget();
            loop.GiveUp();
            return;
        }

        Interrupts.ForgetRefusals();
        _waker!.Wake();
        if (!_hasReportedRefusal)
        {
            _hasReportedRefusal = true;
            loop.ReportUnobserved(
                "The event loop's call_soon() failed: completions from C# may overtake callbacks in the loop's queue.", ExceptionFromPython.Convert(owned.Borrow(), default));
        }
    }
}
