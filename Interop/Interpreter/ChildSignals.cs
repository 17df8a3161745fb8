using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// Shares SIGCHLD, by which a process hears that its children have ended, between .NET and a library that takes it for itself. libuv does: while
/// it watches a child it replaces .NET's handler, and then puts the default in its place, so that <c>System.Diagnostics.Process</c> would
/// never hear of any exit again.
/// </summary>
/// <remarks>.NET's handler stays, and tells the library's.</remarks>
internal static unsafe partial class ChildSignals
{
    private static readonly Lock s_lock = new();
    private static readonly int s_signal = OperatingSystem.IsLinux() ? 17 : 20;

    private static PosixSignalRegistration? s_registration;
    private static SignalDisposition? s_ours;
    private static nint s_theirs;

    /// <summary>Notes .NET's handler. Before the library takes the signal for the first time; again is harmless.</summary>
    public static void Keep()
    {
        lock (s_lock)
        {
            if (s_ours is null && !OperatingSystem.IsWindows())
            {
                s_registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => TellTheirs());
                s_ours = SignalDisposition.Save(s_signal);
            }
        }
    }

    /// <summary>Puts .NET's handler back if the library has replaced it. After the library may have.</summary>
    public static void TakeBack()
    {
        lock (s_lock)
        {
            if (s_ours is null || SignalDisposition.Save(s_signal) is not { } current || current.Handler == s_ours.Handler)
            {
                return;
            }

            if (!current.IsDefaultOrIgnored)
            {
                Volatile.Write(ref s_theirs, current.Handler);
            }

            s_ours.Restore();
        }

        // Of what has ended meanwhile only one of the two has heard.
        _ = kill(Environment.ProcessId, s_signal);
    }

    private static void TellTheirs()
    {
        // SAFETY: a handler of C's, installed by a library that is never unloaded. libuv's takes the number alone, and does nothing but to
        // write to the pipes of the loops that watch children.
        if (Volatile.Read(ref s_theirs) is not 0 and var handler)
        {
            ((delegate* unmanaged<int, void>)handler)(s_signal);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
