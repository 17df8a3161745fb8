using System.Runtime.InteropServices;

namespace PyAsync;

/// <summary>.NET answers: the first signal interrupts the run, the second ends the process as if nobody did.</summary>
internal sealed class HostSignals : SignalScope
{
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;
    private PosixSignal _received;

    public HostSignals(Action interrupt)
        : base(interrupt)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public override Exception? Interruption(OperationCanceledException? cancellation) =>
        Volatile.Read(ref _count) > 0 ? new SignalReceivedException(_received, cancellation) : null;

    public override void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Volatile.Read(ref _count) > 0)
        {
            return; // Not cancelled: the default, which is to end.
        }

        _received = context.Signal;
        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            Interrupt();
        }
    }
}
