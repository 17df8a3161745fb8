namespace PyAsync.Interop;

/// <summary>
/// The thread that initialises Python, and so is Python's main thread: the application's own main thread, or a background thread that
/// sleeps afterwards until it is time to finalise.
/// </summary>
/// <remarks>
/// An application's main thread is not to be had for the end: when .NET tells that the process is ending, Main has returned, and .NET
/// tells it on a thread of its own. CPython does not mind; what it wants is that no other thread is inside.
/// </remarks>
internal sealed class InterpreterThread
{
    /// <summary>How long the end of the process waits for Python; then it ends without finalising.</summary>
    public static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Python code recurses deeper than .NET's default stack for secondary threads lets it.</summary>
    internal const int StackSize = 16 * 1024 * 1024;

    private readonly Thread _thread;
    private readonly SemaphoreSlim? _work;
    private readonly SemaphoreSlim _done = new(0);
    private Action? _action;
    private Exception? _failure;

    private InterpreterThread(Thread? own)
    {
        _thread = own ?? new Thread(Serve, StackSize) { IsBackground = true, Name = "PyAsync interpreter" };
        _work = own is null ? new SemaphoreSlim(0) : null;
    }

    public static InterpreterThread OfCaller() => new(Thread.CurrentThread);

    public static InterpreterThread StartNew()
    {
        var thread = new InterpreterThread(own: null);
        thread._thread.Start();
        return thread;
    }

    /// <summary>Runs an action on the thread and waits for it.</summary>
    public void Invoke(Action action)
    {
        if (Thread.CurrentThread == _thread)
        {
            action();
            return;
        }

        _action = action;
        _work!.Release();
        _done.Wait();
        if (_failure is { } failure)
        {
            _failure = null;
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Runs the last action, on this thread or, if this is the application's main thread, on one made for it.</summary>
    /// <param name="action">Told whether it runs on the thread itself.</param>
    /// <returns>False if it did not end in time.</returns>
    public bool TryInvokeAtEnd(Action<bool> action)
    {
        InterpreterThread last = _work is not null ? this : StartNew();
        last._action = () => action(last == this);
        last._work!.Release();
        return last._done.Wait(EndTimeout);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Handed to the thread that waits.")]
    private void Serve()
    {
        while (true)
        {
            _work!.Wait();
            try
            {
                _action!();
            }
            catch (Exception e)
            {
                _failure = e;
            }

            _done.Release();
        }
    }
}
