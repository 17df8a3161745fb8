using System.Runtime.InteropServices;

namespace PyAsync.Signals;

/// <summary>
/// Handles signals in .NET: the first signal interrupts the run, and the second one ends the process as if there were no handler. A run that has not
/// ended when the time is up ends without its main work; if something blocks its loop, the process ends.
/// </summary>
internal sealed class HostSignals : SignalScope
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _end;
    private readonly ShutdownTime _time;
    private readonly Action<int> _abandon;
    private readonly Lock _lock = new();
    private ShutdownWatch? _watch;
    private bool _isOver;
    private int _count;
    private volatile bool _timeIsUp;
    private PosixSignal _received;

    public HostSignals(Action interrupt, Action end, ShutdownTime time, Action<int> abandon)
        : base(interrupt)
    {
        _end = end;
        _time = time;
        _abandon = abandon;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public override bool EndsTheRun => _timeIsUp;

    public override Exception? Interruption(OperationCanceledException? cancellation) =>
        Volatile.Read(ref _count) > 0 ? new SignalReceivedException(_received, cancellation) : null;

    public override void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _watch?.Dispose();
        }

        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Volatile.Read(ref _count) > 0)
        {
            return; // Not marked as handled: the default applies, and the process ends.
        }

        _received = context.Signal;
        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            _time.Begin();
            lock (_lock)
            {
                if (!_isOver)
                {
                    _watch = ShutdownWatch.Start(_time, EndRun, () => _abandon(SignalReceivedException.ExitCodeOf(_received)));
                }
            }

            Interrupt();
        }
    }

    private void EndRun()
    {
        _timeIsUp = true;
        _end();
    }
}
