using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync;

internal sealed partial class PythonEventLoop
{
    /// <summary>A drain does at most so many items, and takes at most so long, before timers and sockets have their turn.</summary>
    private const int DrainLimit = 1_000;

    /// <summary>
    /// After it has done something the loop looks so many more times, once a turn, before it goes idle: the next request of whoever got
    /// an answer is mostly on its way, and needs no system call then.
    /// </summary>
    /// <remarks>On a single processor it would only keep whoever is to make that request from running.</remarks>
    private static readonly int s_polls = Environment.ProcessorCount > 1 ? 8 : 0;

    /// <summary>Signals one after another: more of them are no signals.</summary>
    internal const int MaxInterrupts = 10;

    private static readonly long s_drainTicks = Stopwatch.Frequency / 1_000;

    private int _pollsLeft;
    private OwnedReference _callbacks;
    private bool _drainIsDue;

    // A KeyboardInterrupt, or what another signal handler raised, that came up where nobody could be told: the next drain raises it.
    private OwnedReference _interrupt;

    /// <summary>The wake-ups of Python tasks, which whoever has the loop drained runs when the drain has returned.</summary>
    internal ReadyCallbacks Ready { get; } = new();

    /// <summary>Does what is in the inbox. On the loop's thread, as one of its callbacks.</summary>
    /// <param name="wasWoken">Whether the waker called, rather than the loop's next turn.</param>
    /// <returns>False if a SystemExit or KeyboardInterrupt is the current Python error, for the loop's run to end with.</returns>
    private bool Drain(bool wasWoken)
    {
        if (IsClosed)
        {
            return true; // It was in the loop's queue when somebody closed the loop and ran what was left.
        }

        if (wasWoken)
        {
            _waker.Clear();
        }

        _drainIsDue = true;
        EntryFromPython.LoopContext = SynchronizationContext;
        bool idle = false;
        bool ok = true;
        int done = 0;
        bool isLate = !Ready.IsEmpty;
        try
        {
            PythonInterpreter.Current.Releases.Drain();
            Starter.BeginDrain();
            long deadline = 0;

            // What the last drain has left comes first, and has this turn for itself.
            while (ok && done < (isLate ? 0 : DrainLimit))
            {
                if (_completionsHere.TryDequeue(out ICompletion? completion))
                {
                    completion.Complete();
                }
                else if (_inbox.TryTake(out IInboxItem? item))
                {
                    ok = item.Run(this);
                }
                else if (MayPoll(done) || !Ready.IsEmpty)
                {
                    break; // The next turn's drain comes also if one of them ends the run, and the others are left.
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

                // Looking at the clock costs as much as a small item: every sixteenth time will do.
                if (done % 16 == 0)
                {
                    FlushCompletions();
                    long now = Stopwatch.GetTimestamp();
                    deadline = deadline == 0 ? now + s_drainTicks : deadline;
                    if (now > deadline)
                    {
                        break;
                    }
                }
            }
        }
        finally
        {
            // An inbox that stayed marked as being drained, with nobody to drain it, would hang every later call.
            Counters.CountDrain(done);
            PythonInterpreter.Current.SharedContexts.Forget();
            FlushCompletions();
            _drainIsDue = !idle && !IsClosed;
            if (_drainIsDue)
            {
                CallSoon();
            }
        }

        return RaiseInterrupt(ok);
    }

    /// <summary>
    /// Keeps the current error, if a signal's handler raised it in a call that was about something else, for the end of this drain to raise. In a
    /// drain, or in a callback of the loop's.
    /// </summary>
    /// <returns>False if it is the call's own: it is still the current error.</returns>
    internal bool TryKeepInterrupt()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (PostponedInterrupt.IsOnMainThread && PostponedInterrupt.IsInterrupt(error.Borrow()))
        {
            _interrupt.Set(error);
            DrainSoon();
            return true;
        }

        CPython.PyErr_SetRaisedException(error);
        return false;
    }

    /// <summary>Makes the interrupt that came up meanwhile the current error, unless there is one.</summary>
    private bool RaiseInterrupt(bool ok)
    {
        if (_interrupt.IsNull)
        {
            return ok && PostponedInterrupt.RaiseIfSignalled();
        }

        NewReference interrupt = _interrupt.Take();
        if (ok)
        {
            CPython.PyErr_SetRaisedException(interrupt);
        }
        else
        {
            interrupt.Dispose();
        }

        return false;
    }

    /// <summary>Has a drain run in the loop's next turn, if none is due anyway. In a callback of the loop's.</summary>
    private void DrainSoon()
    {
        if (!_drainIsDue)
        {
            _drainIsDue = true;
            _inbox.BeginDrain(); // It will look, so that nobody need wake it.
            CallSoon();
        }
    }

    private bool MayPoll(int done)
    {
        _pollsLeft = done > 0 ? s_polls : _pollsLeft - 1;
        return _pollsLeft > 0;
    }

    /// <summary><c>loop.call_soon(drain)</c>; keeps the current Python error, if there is one.</summary>
    private void CallSoon()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        for (int attempt = 0; ; attempt++)
        {
            using NewReference handle = Reference.CallMethod(PythonInterpreter.Current.Names.CallSoon, CoreModules.Current.Consume, _drain.Borrow());
            if (!handle.IsNull)
            {
                break;
            }

            // A signal's handler runs at the first bytecode after C#, which is often that of this very method. A drain too many does no harm.
            NewReference failure = CPython.PyErr_GetRaisedException();
            bool isRefusal = CPython.PyErr_GivenExceptionMatches(failure.Borrow(), PythonInterpreter.Current.Objects.Exception("RuntimeError")) != 0;
            if (isRefusal || attempt == MaxInterrupts)
            {
                // Only a closed loop refuses.
                failure.Dispose();
                OnClosed();
                break;
            }

            _interrupt.Set(failure);
        }

        if (!error.IsNull)
        {
            CPython.PyErr_SetRaisedException(error);
        }
    }

    /// <summary>What is left to be called, as an iterator that calls it; NULL with the error set if there is no memory for that.</summary>
    private NewReference LeftToCall()
    {
        if (Ready.IsEmpty)
        {
            return NewReference.From(CoreModules.Current.Nothing);
        }

        Ready.Begin(Stopwatch.GetTimestamp() + s_drainTicks);
        return CoreModules.Current.RunInContexts.Call(_callbacks.Borrow());
    }

    /// <summary>What the loop consumes, when its waker fires or in its next turn. On the loop's thread, wherever that is now.</summary>
    private sealed class DrainCallback(PythonEventLoop loop, bool wasWoken) : PyCallable("pyasync_drain")
    {
        public override NewReference Invoke(CallbackArguments arguments) =>
            loop.Drain(wasWoken) ? loop.LeftToCall() : default;
    }
}
