namespace PyAsync.Interpreter.Starting;

/// <summary>The lock for starting the interpreter. A separate class, so that code that only reads the interpreter does not run the lock's initialiser.</summary>
internal static class StartLock
{
    private static readonly Lock s_lock = new();
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes the lock. The thread that holds it may be waiting for the GIL, so a thread that holds the GIL must release it while it waits for the lock.</summary>
    public static void Enter()
    {
        while (!s_lock.TryEnter(s_patience))
        {
            using DetachScope scope = PythonThread.Detach();
            if (s_lock.TryEnter(s_patience))
            {
                return;
            }
        }
    }

    public static void Exit() => s_lock.Exit();
}
