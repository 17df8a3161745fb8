using PyAsync.Interop;

namespace PyAsync.Signals;

/// <summary>Handles signals in Python, as under <c>asyncio.run</c>: see signals.py.</summary>
internal sealed class PythonSignals : SignalScope
{
    private readonly SignalDisposition? _before;
    private readonly PyObject _leave;
    private volatile int _interrupts;

    public PythonSignals(Action interrupt, Action end)
        : base(interrupt)
    {
        using PyObject cancel = PyFunction.Create("pyasync_interrupt", arguments =>
        {
            int number = arguments.Get(0, PyConvert.Int32);
            if (number == 0)
            {
                _before?.RestoreAndSend(); // Restores the previous handler, which gets the signal.
                return null;
            }

            _interrupts = number;
            if (number == 1)
            {
                interrupt();
            }
            else
            {
                // The KeyboardInterrupt can be raised in any code, which may catch it.
                end();
            }

            return null;
        });
        _before = SignalDisposition.Save(SignalDisposition.SIGINT);
        using NewReference leave = CoreModules.Current.Signals("install").Call(cancel.Reference).OrThrow();
        if (leave.Borrow().IsNone)
        {
            throw new InvalidOperationException(
                "Signals = Python needs the loop on Python's main thread, which is the process's main thread when a run on it starts Python: call PyAsyncApp.Run or RunUntilComplete there first, or choose Signals = Host.");
        }

        _leave = PyObject.FromBorrowed(leave.Borrow());
    }

    public override bool EndsTheRun => _interrupts > 1;

    public override Exception? Interruption(OperationCanceledException? cancellation) => _interrupts == 0 ? null : NewKeyboardInterrupt();

    public override void Dispose()
    {
        _leave.Call().Dispose();
        _leave.Dispose();
        _before?.Restore();
        PostponedInterrupt.LookForSignals(); // Python may have recorded a signal since.
    }
}
