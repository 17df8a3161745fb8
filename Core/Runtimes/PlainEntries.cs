using Microsoft.Extensions.Logging.Abstractions;
using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>
/// Records the loop of calls of plain functions (<see cref="PyFunction"/>), which belong to no runtime, as long as there are runtimes without a loop: these
/// use the recorded loop.
/// </summary>
internal static class PlainEntries
{
    private static readonly Lock s_lock = new();
    private static int s_users;

    // The settings of a loop that a plain function is the first to use.
    private static readonly LoopSettings s_settings = new(NullLogger.Instance, new PyAsyncOptions().BlockingWaitTimeout);

    /// <summary>Adds a runtime without a loop to the users, or removes it.</summary>
    /// <param name="isUser">The user's own flag, which is set to <paramref name="becomesUser"/>.</param>
    /// <param name="becomesUser">True if the runtime has no loop.</param>
    public static void SetUser(ref bool isUser, bool becomesUser)
    {
        lock (s_lock)
        {
            if (isUser != becomesUser)
            {
                isUser = becomesUser;
                s_users += becomesUser ? 1 : -1;
                PyFunction.OnPlainCall = s_users > 0 ? Record : null;
            }
        }
    }

    private static void Record(ExecutionContext? flow)
    {
        EventLoopContext? current = EventLoopContext.Current;
        if (current is { Recorder: Runtime { Choice.HasOwnLoop: true }, Loop: PythonEventLoop { Owner: null } })
        {
            return; // A runtime that has a loop keeps the foreign loop that it was called on.
        }

        RunningThread thread = RunningThread.Current;
        if (LoopRegistry.Current.Running(thread, s_settings) is { } loop)
        {
            EntryFromPython.CurrentFlow = loop.CaptureContext(thread).RecordedBy(EventLoopContext.PlainRecorder).Enter(flow);
        }
        else if (current is not null)
        {
            EntryFromPython.CurrentFlow = EventLoopContext.EnterNone();
        }
    }
}
