using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// Empties the loop's inbox, as one of the loop's callbacks, and runs the ready callbacks in the loop's order (<see cref="ReadyCallbacks"/>). On the loop's thread,
/// with the GIL held.
/// </summary>
internal sealed class LoopDrainer
{
    /// <summary>Maximum items per drain, after which timers and sockets have their turn; <see cref="LoopTurns.MaxTicks"/> is the maximum time.</summary>
    private const int DrainLimit = 1_000;

    private readonly PythonEventLoop _loop;
    private readonly Inbox _inbox;
    private readonly LoopTurns _turns;
    private readonly InboxPolling _polling = new();
    private LoopWaker? _waker;
    private OwnedReference _callbacks;

    public LoopDrainer(PythonEventLoop loop, Inbox inbox)
    {
        _loop = loop;
        _inbox = inbox;
        _turns = new LoopTurns(loop);
        Ready = new ReadyCallbacks(_turns);
        _turns.SetDrain(DrainTypes.NewDrain(new DrainCallback(this, wasWoken: false)));
        _callbacks.Set(DrainTypes.NewCallbacks(Ready));
    }

    /// <summary>Gets the callbacks that drains have made ready to run.</summary>
    public ReadyCallbacks Ready { get; }

    public LoopInterrupts Interrupts => _turns.Interrupts;

    /// <summary>True if asyncio's debug mode is on. A change takes effect in the next turn.</summary>
    public bool IsInDebugMode => _turns.IsInDebugMode;

    /// <summary>Creates the waker, which runs a drain when another thread wakes the loop.</summary>
    public LoopWaker CreateWaker(BorrowedReference loop)
    {
        using PyObject drainWhenWoken = DrainTypes.NewDrain(new DrainCallback(this, wasWoken: true)).ToPyObject();
        _waker = LoopWaker.Create(loop, drainWhenWoken);
        _turns.SetWaker(_waker);
        return _waker;
    }

    /// <summary>Schedules a drain for the loop's next turn, unless one is scheduled. The drain polls the inbox, so no thread has to wake the loop.</summary>
    public void ScheduleSoon()
    {
        if (!Ready.IsDrainScheduled && !_loop.IsClosed)
        {
            _inbox.BeginDrain();
            Ready.ScheduleDrain();
        }
    }

    /// <summary>Abandons the items that are waiting. Called when something blocks the loop's thread, by another thread, with the GIL held.</summary>
    public void AbandonItems(Exception reason)
    {
        // An inbox with items has a drain coming or running. An empty one must not be marked as being drained.
        while (!_inbox.IsEmpty && _inbox.TryTake(out IInboxItem? item))
        {
            item.Abandon(reason);
        }

        Ready.AbandonItems(reason);
    }

    /// <summary>The loop has closed: releases what belongs to Python, and returns the items that were ready.</summary>
    public IReadOnlyList<IInboxItem> Close()
    {
        IReadOnlyList<IInboxItem> left = Ready.Close();
        _callbacks.Clear();
        _turns.Close();
        return left;
    }

    /// <summary>Handles the items in the inbox.</summary>
    /// <param name="wasWoken">True if the waker called, false if the drain was in the loop's queue.</param>
    /// <returns>False if a SystemExit or KeyboardInterrupt is the current Python error, which ends the loop's run.</returns>
    /// <remarks>
    /// Code that runs here may run the loop again (nest_asyncio). Therefore, while there is anything to do, a further drain is put into the loop's
    /// queue before that code begins: the nested run finds it there.
    /// </remarks>
    private bool Drain(bool wasWoken)
    {
        if (_loop.IsClosed)
        {
            return true; // The drain was still in the queue of a closed loop, whose remaining queue was run.
        }

        if (wasWoken)
        {
            _waker!.BeginWoken();
        }
        else
        {
            Ready.BeginTurn();
            _waker!.RenewIfBusy(_loop.Reference);
        }

        EntryFromPython.LoopContext = _loop.SynchronizationContext;
        bool idle = false;
        bool ok = true;
        int done = 0;
        try
        {
            DeferredReleases.Queue.Drain();
            Ready.NoteForeignCode();
            _loop.BeginDrain();
            long deadline = 0;

            // Calls that were scheduled for this turn come first, and have the turn to themselves.
            int limit = Ready.HasTurn ? 0 : DrainLimit;
            while (ok && done < limit)
            {
                if (_loop.Completions.TryTakeOnLoop(out ICompletion? completion))
                {
                    EnsureDrainIsScheduled();
                    _ = DeferredReleases.Queue.DrainUrgent();
                    completion.Complete();
                    Ready.NoteForeignCode();
                }
                else if (_inbox.TryTake(out IInboxItem? item))
                {
                    if (!wasWoken)
                    {
                        _polling.NoteFound();
                    }

                    ok = Run(item);
                }
                else if (_polling.Continue(done) || !Ready.IsEmpty)
                {
                    break; // The next turn's drain runs even if one of them ends the run and leaves the others.
                }
                else
                {
                    idle = _inbox.TryEndDrain();
                    if (idle)
                    {
                        break;
                    }

                    continue;
                }

                done++;

                // Reading the clock costs as much as a small item.
                if (done % 16 == 0)
                {
                    _loop.Completions.Flush();
                    long now = Stopwatch.GetTimestamp();
                    deadline = deadline == 0 ? now + LoopTurns.MaxTicks : deadline;
                    if (now > deadline)
                    {
                        break;
                    }
                }
            }
        }
        finally
        {
            // An inbox that stays marked as being drained, without a scheduled drain, would hang every later call.
            _loop.Counters.CountItems(done);
            if (!idle)
            {
                EnsureDrainIsScheduled();
            }

            _loop.Completions.Flush();
            _turns.Queue.Release();
            AsyncioObjects.Current.ReleaseLoop();
        }

        return Interrupts.Raise(ok);
    }

    /// <summary>Runs an item now if it overtakes nothing that the loop or a drain has scheduled, else in its turn.</summary>
    private bool Run(IInboxItem item)
    {
        EnsureDrainIsScheduled();

        // The poster may have disposed a buffer before, whose object the item resizes.
        if (DeferredReleases.Queue.DrainUrgent())
        {
            Ready.NoteForeignCode();
        }

        if (_loop.IsClosed)
        {
            item.Abandon(new EventLoopClosedException("The event loop was closed before the call was done."));
            return true;
        }

        if (!item.WaitsItsTurn)
        {
            return item.Run(_loop);
        }

        if (!Ready.MayRunNow)
        {
            Ready.Add(item);
            return true;
        }

        IInboxItem? outer = _loop.RunningItem;
        _loop.RunningItem = item;
        bool ok = item.Run(_loop);
        _loop.RunningItem = outer;
        Ready.NoteForeignCode();
        return ok;
    }

    private void EnsureDrainIsScheduled()
    {
        if (!Ready.IsDrainScheduled && !_loop.IsClosed)
        {
            Ready.ScheduleDrain();
        }
    }

    /// <summary>Gets an iterator that calls the remaining entries; NULL with the error set if there is no memory for it.</summary>
    private NewReference LeftToCall()
    {
        if (Ready.HasTurn)
        {
            _turns.Begin();
            return CoreModules.Current.RunInContexts.Call(_callbacks.Borrow());
        }

        _turns.EndTurn();
        return NewReference.From(CoreModules.Current.Nothing);
    }

    /// <summary>The iterable that the loop consumes, when its waker fires or in its next turn.</summary>
    private sealed class DrainCallback(LoopDrainer drainer, bool wasWoken) : PyCallable("pyasync_drain")
    {
        public override NewReference Invoke(CallbackArguments arguments) =>
            drainer.Drain(wasWoken) ? drainer.LeftToCall() : default;
    }
}
