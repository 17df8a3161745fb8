using PyAsync.Interop;

namespace PyAsync;

/// <summary>Python answers, as under <c>asyncio.run</c>: see signals.py.</summary>
internal sealed class PythonSignals : SignalScope
{
    private readonly SignalDisposition? _before;
    private readonly PyObject _restore;
    private volatile int _interrupts;

    public PythonSignals(Action interrupt)
        : base(interrupt)
    {
        using PyObject cancel = PyFunction.Create("pyasync_interrupt", arguments =>
        {
            _interrupts = arguments.Get(0, PyConvert.Int32);
            if (_interrupts == 1)
            {
                interrupt();
            }

            return null;
        });
        _before = SignalDisposition.Save(SignalDisposition.SIGINT);
        using NewReference restore = CoreModules.Current.Signals("install").Call(cancel.Reference).OrThrow();
        if (restore.Borrow().IsNone)
        {
            throw new InvalidOperationException(
                "Signals = Python needs the loop on Python's main thread, which is the process's main thread when a run on it starts Python: call PyAsyncApp.Run or RunUntilComplete there first, or choose Signals = Host.");
        }

        _restore = PyObject.FromBorrowed(restore.Borrow());
    }

    protected override bool EndsTheRun => _interrupts > 1;

    public override Exception? Interruption(OperationCanceledException? cancellation)
    {
        if (_interrupts == 0)
        {
            return null;
        }

        PythonErrors.Set(PythonInterpreter.Current.Objects.Exception("KeyboardInterrupt"), "");
        return PythonErrors.TakeForAwaiter(CancellationToken.None);
    }

    public override void Dispose()
    {
        _restore.Call().Dispose();
        _restore.Dispose();
        _before?.Restore();
    }
}
