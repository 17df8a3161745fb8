using System.Runtime.ExceptionServices;
using PyAsync.Interop;

namespace PyAsync.Signals;

/// <summary>Handles signals for the duration of a run on a calling thread, and keeps the exception that interrupted the run.</summary>
/// <param name="interrupt">Cancels the main work on both sides, or stops the loop that has none. From any thread.</param>
internal abstract class SignalScope(Action interrupt) : IDisposable
{
    private PythonException? _exit;

    /// <summary>True if the run must end now, without waiting for its main work.</summary>
    public virtual bool EndsTheRun => false;

    /// <summary>Starts to handle signals. The calling thread is about to run the loop, and holds the GIL.</summary>
    /// <param name="handling">The side that handles signals.</param>
    /// <param name="interrupt">Cancels the main work on both sides, or stops the loop that has none. From any thread.</param>
    /// <param name="end">Stops the loop without waiting for its main work. From any thread.</param>
    /// <param name="time">The time that a signal leaves the run, with the host's handling.</param>
    /// <param name="abandon">Ends the process with an exit code, because the loop does not stop. From any thread.</param>
    /// <exception cref="InvalidOperationException">Python is to handle signals, and this is not its main thread.</exception>
    public static SignalScope Begin(SignalHandling handling, Action interrupt, Action end, ShutdownTime time, Action<int> abandon)
    {
        // Python called this code, so Python interrupts it.
        if (EntryFromPython.IsActive)
        {
            return (SignalScope?)CallerSignals.TryBegin(interrupt, end) ?? new NoSignals(interrupt, calledByPython: true);
        }

        return handling switch
        {
            SignalHandling.Host => new HostSignals(interrupt, end, time, abandon),
            SignalHandling.Python => new PythonSignals(interrupt, end),
            _ => new NoSignals(interrupt, calledByPython: false),
        };
    }

    /// <summary>
    /// Takes a SystemExit or KeyboardInterrupt that came out of the loop, unless it concerns only the coroutine that raised it: it interrupts the run,
    /// as it ends a plain Python program.
    /// </summary>
    /// <param name="exit">The exception.</param>
    /// <param name="hasAwaiter">True if a coroutine raised it, whose awaiter has received it; false if a Python signal handler or a callback did.</param>
    /// <exception cref="PythonException">It is the second exception of the kind: the run ends at once.</exception>
    public bool TryTake(PythonException exit, bool hasAwaiter)
    {
        bool isMeantForTheRun = !hasAwaiter || (KeyboardInterruptsAreTheCallers && exit.IsInstanceOf("KeyboardInterrupt"));
        if (EndsTheRun || (isMeantForTheRun && _exit is not null))
        {
            ExceptionDispatchInfo.Throw(exit);
        }

        if (isMeantForTheRun)
        {
            _exit = exit;
            interrupt();
        }

        return isMeantForTheRun;
    }

    /// <summary>Throws the Python exception that interrupted the run, if there is one.</summary>
    public void ThrowIfExited()
    {
        if (_exit is not null)
        {
            ExceptionDispatchInfo.Throw(_exit);
        }
    }

    /// <summary>Gets the exception that the run ends with if a signal interrupted it; else null.</summary>
    /// <param name="cancellation">The exception that the main work ended with; null if there is none.</param>
    public abstract Exception? Interruption(OperationCanceledException? cancellation);

    public abstract void Dispose();

    /// <summary>True if Python code requested the run, and gets KeyboardInterrupt as from <c>loop.run_until_complete</c>.</summary>
    protected virtual bool KeyboardInterruptsAreTheCallers => false;

    /// <summary>Interrupts the run.</summary>
    protected void Interrupt() => interrupt();

    /// <summary>Makes the KeyboardInterrupt that a run ends with.</summary>
    protected static Exception NewKeyboardInterrupt()
    {
        PythonErrors.Set(WellKnownObjects.Current.Exception("KeyboardInterrupt"), "");
        return ErrorTranslation.TakeForAwaiter(CancellationToken.None);
    }

    private sealed class NoSignals(Action interrupt, bool calledByPython) : SignalScope(interrupt)
    {
        protected override bool KeyboardInterruptsAreTheCallers => calledByPython;

        public override Exception? Interruption(OperationCanceledException? cancellation) => null;

        public override void Dispose()
        {
        }
    }
}
