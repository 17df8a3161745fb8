using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Threads;

/// <summary>
/// Recognises the thread that has called <c>Environment.Exit</c>. CoreCLR raises <c>ProcessExit</c> on another thread, for which the calling thread waits within its
/// SynchronizationContext; it never returns to its caller.
/// </summary>
internal static class ProcessExit
{
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
