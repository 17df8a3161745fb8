using PyAsync.Interop;

namespace PyAsync.Signals;

/// <summary>
/// Handles Ctrl-C in a run that Python code has called for, as <c>asyncio.run</c> does: see signals.py. A KeyboardInterrupt that is raised in the event
/// loop's own code could lose a callback that the run waits for.
/// </summary>
internal sealed class CallerSignals : SignalScope
{
    private readonly Action _end;
    private PyObject? _leave;
    private volatile int _interrupts;
    private bool _isReported;

    private CallerSignals(Action interrupt, Action end)
        : base(interrupt) => _end = end;

    public override bool EndsTheRun => _interrupts > 1;

    /// <summary>A KeyboardInterrupt of a coroutine is the caller's: the second signal raises it in the program's code.</summary>
    protected override bool KeyboardInterruptsAreTheCallers => true;

    /// <summary>Starts to handle SIGINT; null if this is not Python's main thread, or the program has a handler. Needs the GIL.</summary>
    public static CallerSignals? TryBegin(Action interrupt, Action end)
    {
        var signals = new CallerSignals(interrupt, end);
        using PyObject handler = PyFunction.Create("pyasync_interrupt", arguments =>
        {
            signals.Handle(arguments.Get(0, PyConvert.Int32), arguments.Get(1, PyConvert.Boolean));
            return null;
        });
        using NewReference leave = CoreModules.Current.Signals("install_for_caller").Call(handler.Reference).OrThrow();
        if (leave.Borrow().IsNone)
        {
            return null;
        }

        signals._leave = PyObject.FromBorrowed(leave.Borrow());
        return signals;
    }

    public override Exception? Interruption(OperationCanceledException? cancellation)
    {
        _isReported |= _interrupts > 0;
        return _interrupts > 0 ? NewKeyboardInterrupt() : null;
    }

    public override void Dispose()
    {
        using (_leave)
        {
            _leave!.Call().Dispose();
        }

        if (_interrupts > 0 && !_isReported)
        {
            // The main work has returned or failed in spite of it, perhaps just before: the caller's code gets it.
            PythonErrors.Set(WellKnownObjects.Current.Exception("KeyboardInterrupt"), "");
            PostponedInterrupt.TryPostpone(CPython.PyErr_GetRaisedException());
        }

        PostponedInterrupt.LookForSignals(); // Python may have recorded a signal since.
    }

    private void Handle(int number, bool raises)
    {
        _interrupts = number;
        _isReported |= raises;
        if (number == 1)
        {
            Interrupt();
        }
        else
        {
            // The KeyboardInterrupt can be raised in any code, which may catch it.
            _end();
        }
    }
}
