using System.Runtime.InteropServices;

namespace PyAsync;

/// <summary>A signal ended the run: it cancelled the main work, or stopped the loop that has none.</summary>
public sealed class SignalReceivedException : OperationCanceledException
{
    internal SignalReceivedException(PosixSignal signal, Exception? inner)
        : base($"The run was ended by {signal}.", inner) => Signal = signal;

    /// <summary>Gets the signal.</summary>
    public PosixSignal Signal { get; }

    /// <summary>Gets the customary exit code of a process that ends for this reason: 128 plus the signal's number.</summary>
    public int ExitCode => ExitCodeOf(Signal);

    internal static int ExitCodeOf(PosixSignal signal) => signal == PosixSignal.SIGTERM ? 143 : 130;
}
