using System.Runtime.ExceptionServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>The time in which signals are answered for a run on a calling thread, and what interrupts that run.</summary>
/// <param name="interrupt">Cancels the main work on both sides, or stops the loop that has none. From any thread.</param>
internal abstract class SignalScope(Action interrupt) : IDisposable
{
    private PythonException? _exit;

    /// <summary>Whether the run is to end now, its main work not waited for.</summary>
    public virtual bool EndsTheRun => false;

    /// <summary>Starts to answer signals. The calling thread is about to run the loop, and holds the GIL.</summary>
    /// <param name="handling">Who answers.</param>
    /// <param name="interrupt">Cancels the main work on both sides, or stops the loop that has none. From any thread.</param>
    /// <param name="end">Stops the loop, its main work not waited for. From any thread.</param>
    /// <exception cref="InvalidOperationException">Python is to answer, and this is not its main thread.</exception>
    public static SignalScope Begin(SignalHandling handling, Action interrupt, Action end)
    {
        // What Python calls, Python interrupts.
        if (EntryFromPython.IsActive)
        {
            return new NoSignals(interrupt, calledByPython: true);
        }

        return handling switch
        {
            SignalHandling.Host => new HostSignals(interrupt),
            SignalHandling.Python => new PythonSignals(interrupt, end),
            _ => new NoSignals(interrupt, calledByPython: false),
        };
    }

    /// <summary>
    /// Takes a SystemExit or KeyboardInterrupt that came out of the loop, if it is not just one coroutine's affair: it interrupts the run, as it
    /// ends a plain Python program.
    /// </summary>
    /// <param name="exit">The exception.</param>
    /// <param name="hasAwaiter">Whether a coroutine raised it, whose awaiter has it; else a signal handler of Python's did, or a callback.</param>
    /// <exception cref="PythonException">It is the second one: the run ends at once.</exception>
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

    /// <summary>Throws what interrupted the run, if something of Python's did.</summary>
    public void ThrowIfExited()
    {
        if (_exit is not null)
        {
            ExceptionDispatchInfo.Throw(_exit);
        }
    }

    /// <summary>What the run ends with if a signal interrupted it; else null.</summary>
    /// <param name="cancellation">What the main work ended with; null if there is none.</param>
    public abstract Exception? Interruption(OperationCanceledException? cancellation);

    public abstract void Dispose();

    /// <summary>Whether Python code called for the run, and gets KeyboardInterrupt as it does from <c>loop.run_until_complete</c>.</summary>
    protected virtual bool KeyboardInterruptsAreTheCallers => false;

    /// <summary>Interrupts the run.</summary>
    protected void Interrupt() => interrupt();

    private sealed class NoSignals(Action interrupt, bool calledByPython) : SignalScope(interrupt)
    {
        protected override bool KeyboardInterruptsAreTheCallers => calledByPython;

        public override Exception? Interruption(OperationCanceledException? cancellation) => null;

        public override void Dispose()
        {
        }
    }
}
