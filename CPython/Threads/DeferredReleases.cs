namespace PyAsync.Threads;

/// <summary>Drops references from any thread: at once if the thread holds the GIL, else through the queue.</summary>
internal static class DeferredReleases
{
    /// <summary>Gets the queue of the process's one interpreter.</summary>
    public static DeferredReleaseQueue Queue { get; } = new();

    /// <summary>Drops a reference now if this thread holds the GIL, else as soon as a thread does.</summary>
    public static void Release(nint pointer)
    {
        if (PythonThread.IsAttached)
        {
            new NewReference(pointer).Dispose();
        }
        else
        {
            Defer(pointer);
        }
    }

    /// <summary>Drops a reference as <see cref="Release"/> does. If it has to wait, it is dropped before C# code on any thread next calls Python.</summary>
    public static void ReleaseUrgently(nint pointer)
    {
        if (PythonThread.IsAttached)
        {
            new NewReference(pointer).Dispose();
        }
        else if (InterpreterState.IsRunning)
        {
            Queue.EnqueueUrgent(pointer);
        }
    }

    /// <summary>Drops a reference later, never on this thread now: for finalisers. Does nothing after the interpreter's end.</summary>
    public static void Defer(nint pointer)
    {
        if (InterpreterState.IsRunning)
        {
            Queue.Enqueue(pointer);
        }
    }
}
