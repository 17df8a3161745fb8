namespace PyAsync.Interop;

/// <summary>
/// Counts the threads of .NET's that are inside Python. Shutting it turns newcomers away and waits for those inside:
/// a thread that CPython finds entering while it finalises is ended without a word.
/// </summary>
internal sealed class AttachGate : IDisposable
{
    private const int ShutFlag = int.MinValue;

    private readonly ManualResetEventSlim _empty = new(initialState: false);
    private int _state;
    private long _entries;

    /// <summary>How often a thread of .NET's has gone in: for benchmarks, which hold the hot paths to none.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>Whether newcomers are turned away.</summary>
    public bool IsShut => Volatile.Read(ref _state) < 0;

    /// <summary>How many threads are inside.</summary>
    public int Holders => Volatile.Read(ref _state) & ~ShutFlag;

    /// <exception cref="ObjectDisposedException">The gate is shut: the interpreter is ending or has ended.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _state) < 0)
        {
            Exit();
            throw new ObjectDisposedException(
                nameof(PythonInterpreter),
                "The Python interpreter is ending with the process; no thread can enter it any more.");
        }

        Interlocked.Increment(ref _entries);
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _state) == ShutFlag)
        {
            _empty.Set();
        }
    }

    /// <summary>Turns newcomers away and waits until nobody is inside. Call it without the GIL, which they may need.</summary>
    /// <returns>False if somebody was still inside after <paramref name="timeout"/>.</returns>
    public bool Shut(TimeSpan timeout) =>
        Interlocked.Or(ref _state, ShutFlag) is 0 or ShutFlag || _empty.Wait(timeout);

    public void Dispose() => _empty.Dispose();
}
