using System.Runtime.InteropServices;

namespace PyAsync;

/// <summary>A signal ended the run: the main work was cancelled by it, or the loop that has none was stopped.</summary>
public sealed class SignalReceivedException : OperationCanceledException
{
    internal SignalReceivedException(PosixSignal signal, Exception? inner)
        : base($"The run was ended by {signal}.", inner) => Signal = signal;

    /// <summary>The signal.</summary>
    public PosixSignal Signal { get; }

    /// <summary>What a process that ends for this reason customarily exits with: 128 and the signal's number.</summary>
    public int ExitCode => Signal == PosixSignal.SIGTERM ? 143 : 130;
}
