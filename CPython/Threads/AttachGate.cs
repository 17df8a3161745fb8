namespace PyAsync.Threads;

/// <summary>
/// Counts the .NET threads that are inside Python. Shutting the gate refuses further threads and waits for those inside: CPython silently terminates
/// any thread that attaches during finalisation.
/// </summary>
internal sealed class AttachGate : IDisposable
{
    private const int ShutFlag = int.MinValue;

    private readonly ManualResetEventSlim _empty = new(initialState: false);
    private int _state;
    private int _detached;
    private long _entries;

    /// <summary>Gets the gate of the process's one interpreter.</summary>
    public static AttachGate OfProcess { get; } = new();

    /// <summary>Gets the number of times that a .NET thread has entered: for benchmarks, which require 0 on hot paths.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>True if the gate refuses further threads.</summary>
    public bool IsShut => Volatile.Read(ref _state) < 0;

    /// <summary>Gets the number of threads inside.</summary>
    public int Holders => Volatile.Read(ref _state) & ~ShutFlag;

    /// <summary>
    /// Gets the number of threads that have released the GIL within their scope (<see cref="DetachScope"/>), and will take it again. They do not count as holders.
    /// </summary>
    public int Detached => Volatile.Read(ref _detached);

    /// <exception cref="ObjectDisposedException">The gate is shut: the interpreter is ending or has ended.</exception>
    public void Enter()
    {
        if (!TryEnter())
        {
            throw new ObjectDisposedException(
                "PythonInterpreter",
                "The Python interpreter is ending with the process; no thread can enter it any more.");
        }
    }

    /// <summary>Enters as <see cref="Enter"/> does; returns false if the gate is shut.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _state) < 0)
        {
            Exit();
            return false;
        }

        Interlocked.Increment(ref _entries);
        return true;
    }

    /// <summary>Called when a thread inside releases the GIL for a while: the end of the process does not wait for that thread.</summary>
    public void Leave()
    {
        Interlocked.Increment(ref _detached);
        Exit();
    }

    /// <summary>Called before such a thread takes the GIL again. Returns false if the gate is shut: Python ends or has ended.</summary>
    public bool TryReturn()
    {
        if (Interlocked.Increment(ref _state) < 0)
        {
            Exit();
            return false;
        }

        Interlocked.Decrement(ref _detached);
        return true;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _state) == ShutFlag)
        {
            _empty.Set();
        }
    }

    /// <summary>Refuses further threads and waits until no thread is inside. Call it without the GIL, which those threads may need.</summary>
    /// <returns>False if a thread was still inside after <paramref name="timeout"/>.</returns>
    public bool Shut(TimeSpan timeout) =>
        Interlocked.Or(ref _state, ShutFlag) is 0 or ShutFlag || _empty.Wait(timeout);

    public void Dispose() => _empty.Dispose();
}
