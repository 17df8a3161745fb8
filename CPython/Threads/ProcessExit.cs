using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Threads;

/// <summary>
/// Recognises the thread that has called <c>Environment.Exit</c>. CoreCLR raises <c>ProcessExit</c> on another thread, for which the calling thread waits within its
/// SynchronizationContext; it never returns to its caller.
/// </summary>
internal static class ProcessExit
{
    // Replaced as a whole: a lock could wait, and the threads are recorded within a wait.
    private static nuint[] s_threads = [];

    /// <summary>True if a thread was recorded.</summary>
    public static bool HasThreads => Volatile.Read(ref s_threads).Length > 0;

    /// <summary>Records that the current thread has called <c>Environment.Exit</c>: it never returns to Python. Needs no GIL.</summary>
    public static void RecordThread()
    {
        nuint ident = CPython.PyThread_get_thread_ident();
        nuint[] before;
        do
        {
            before = Volatile.Read(ref s_threads);
        }
        while (!before.Contains(ident) && Interlocked.CompareExchange(ref s_threads, [.. before, ident], before) != before);
    }

    /// <summary>True if the thread with this identity (<c>threading.get_ident</c>) was recorded.</summary>
    public static bool HasThread(nuint ident) => Volatile.Read(ref s_threads).Contains(ident);

    /// <summary>True if the current thread is within <c>Environment.Exit</c>. Reads the stack: only for a wait that is long, or while the process ends.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Without the method's name the answer is false, and the end of the process only takes longer. NativeAOT raises ProcessExit on the calling thread, which does not wait.")]
    public static bool IsRequestedByThisThread()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { Name: nameof(Environment.Exit) or "_Exit" } method && method.DeclaringType == typeof(Environment))
            {
                return true;
            }
        }

        return false;
    }
}
