using System.Runtime.InteropServices;

namespace PyAsync.Interpreter.Starting;

/// <summary>
/// Shares SIGCHLD, which notifies a process that a child has ended, between .NET and a library that replaces its handler. libuv does: while it watches
/// a child it replaces .NET's handler, and then sets the default, so that <c>System.Diagnostics.Process</c> would never be notified of an exit again.
/// </summary>
/// <remarks>.NET's handler stays, and the library's is called from it.</remarks>
internal static unsafe partial class ChildSignals
{
    private const int SignalSetSize = 128; // glibc's; others are smaller.

    private static readonly Lock s_lock = new();
    private static readonly int s_setMask = OperatingSystem.IsLinux() ? 2 : 3; // SIG_SETMASK
    private static readonly int s_signal = OperatingSystem.IsLinux() ? 17 : 20;

    private static PosixSignalRegistration? s_registration;
    private static SignalDisposition? s_ours;
    private static nint s_theirs;

    /// <summary>Records .NET's handler. Must be called before the library replaces it for the first time; repeated calls are harmless.</summary>
    public static void Keep()
    {
        lock (s_lock)
        {
            if (s_ours is null && !OperatingSystem.IsWindows())
            {
                s_registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => CallTheirs());
                s_ours = SignalDisposition.Save(s_signal);
            }
        }
    }

    /// <summary>Restores .NET's handler if the library has replaced it. Called after the library may have.</summary>
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

        // Only one of the two handlers was notified of children that have ended meanwhile.
        _ = kill(Environment.ProcessId, s_signal);
    }

    private static void CallTheirs()
    {
        nint handler = Volatile.Read(ref s_theirs);
        if (handler == 0)
        {
            return;
        }

        // As in a signal handler of libuv, which holds a lock: a signal that interrupted it on this thread, while libuv's handler is installed, would wait for that lock without end.
        byte* all = stackalloc byte[SignalSetSize], before = stackalloc byte[SignalSetSize];
        _ = sigfillset(all);
        _ = pthread_sigmask(s_setMask, all, before);

        // SAFETY: a C handler, installed by a library that is never unloaded. libuv's takes only the number, and only writes to the pipes of the loops that watch children.
        ((delegate* unmanaged<int, void>)handler)(s_signal);
        _ = pthread_sigmask(s_setMask, before, null);
    }

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* set);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte* set, byte* before);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
