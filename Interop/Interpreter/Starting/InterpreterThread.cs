namespace PyAsync.Interpreter.Starting;

/// <summary>
/// The thread that initialises Python, and so is Python's main thread: the application's main thread, or a background thread that then sleeps until it finalises Python.
/// </summary>
/// <remarks>
/// An application's main thread is not available at the end: CoreCLR raises <c>ProcessExit</c> on another thread, after Main has returned or while a
/// thread waits in <c>Environment.Exit</c>. Only Python's main thread may finalise, so in that case Python is not finalised.
/// </remarks>
internal sealed class InterpreterThread
{
    /// <summary>The time that the end of the process waits for Python; then it ends without finalising.</summary>
    public static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The stack size: Python code recurses deeper than .NET's default stack for secondary threads allows.</summary>
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

    /// <summary>True if the thread is the application's, and none of this library's.</summary>
    public bool IsApplications => _work is null;

    /// <summary>True on the thread itself.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    public static InterpreterThread OfCaller() => new(Thread.CurrentThread);

    public static InterpreterThread StartNew()
    {
        var thread = new InterpreterThread(own: null);

        // The thread lives as long as the process: it must not keep the values in its creator's ExecutionContext alive.
        thread._thread.UnsafeStart();
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

    /// <summary>Runs the last action, on this thread or, if this is the application's main thread, on a new one.</summary>
    /// <param name="action">Its argument is true if it runs on the thread itself.</param>
    /// <param name="timeout">The time to wait for its end.</param>
    /// <returns>False if it did not end in time.</returns>
    public bool TryInvokeAtEnd(Action<bool> action, TimeSpan timeout)
    {
        if (Thread.CurrentThread == _thread)
        {
            // NativeAOT raises ProcessExit on the thread that ends the process.
            action(true);
            return true;
        }

        InterpreterThread last = _work is not null ? this : StartNew();
        last._action = () => action(last == this);
        last._work!.Release();
        return last._done.Wait(timeout);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Passed to the waiting thread.")]
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
