namespace PyAsync.Interop;

/// <summary>Held by whoever starts the interpreter. Apart from it, since whoever looks for the interpreter is not to look first whether there is a lock.</summary>
internal static class StartLock
{
    private static readonly Lock s_lock = new();
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(10);

    /// <summary>Who has the lock may be waiting for the GIL, so that who has the GIL must not simply wait for the lock.</summary>
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
