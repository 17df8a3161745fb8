using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// Keeps a KeyboardInterrupt, or another exception of a signal handler, that was raised in a call which cannot report it: the end of the next drain
/// raises it. On the loop's thread, with the GIL held.
/// </summary>
internal sealed class LoopInterrupts
{
    /// <summary>The maximum number of times that an interrupted call is repeated: more interrupts in a row do not come from signals.</summary>
    public const int Maximum = 10;

    private OwnedReference _kept;

    /// <summary>Keeps the current error if a signal handler raised it.</summary>
    /// <returns>False if the error is the failed call's own: it is still the current error.</returns>
    public bool TryKeep()
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (PostponedInterrupt.IsOnMainThread && PostponedInterrupt.IsInterrupt(error.Borrow()))
        {
            _kept.Set(error);
            return true;
        }

        CPython.PyErr_SetRaisedException(error);
        return false;
    }

    /// <summary>
    /// Keeps the current error of a <c>call_soon</c>, unless the loop refused the call: handlers run at the first bytecode after C#, which is often
    /// that of <c>call_soon</c>. A second attempt may schedule a drain twice, which is harmless.
    /// </summary>
    /// <returns>False, and the error, if the loop refused the call, or after too many interrupts.</returns>
    public bool TryKeepOfCallSoon(int attempt, out NewReference refusal)
    {
        NewReference failure = CPython.PyErr_GetRaisedException();
        bool isRefusal = CPython.PyErr_GivenExceptionMatches(failure.Borrow(), WellKnownObjects.Current.Exception("RuntimeError")) != 0;
        if (isRefusal || attempt == Maximum)
        {
            refusal = failure;
            return false;
        }

        _kept.Set(failure);
        refusal = default;
        return true;
    }

    /// <summary>Discards the kept exception of a <c>call_soon</c> that the loop refused each time: it is the loop's own error, not an interrupt.</summary>
    public void ForgetRefusals()
    {
        if (!_kept.IsNull && !PostponedInterrupt.IsInterrupt(_kept.Borrow()))
        {
            _kept.Clear();
        }
    }

    /// <summary>Makes the kept interrupt the current error, unless there is one already.</summary>
    /// <param name="ok">False if there is a current error.</param>
    /// <returns>False if there is a current error now.</returns>
    public bool Raise(bool ok)
    {
        if (_kept.IsNull)
        {
            return ok && PostponedInterrupt.RaiseIfSignalled();
        }

        NewReference interrupt = _kept.Take();
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

    public void Clear() => _kept.Clear();
}
