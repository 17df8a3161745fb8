using Microsoft.Extensions.Logging.Abstractions;
using PyAsync.Interop;

namespace PyAsync;

// Records the context of entries from Python.
internal sealed partial class Runtime
{
    private static readonly Lock s_looplessLock = new();
    private static int s_loopless;

    // The settings of a loop that a plain function is the first to use.
    private static readonly LoopSettings s_plainSettings = new(NullLogger.Instance, new PyAsyncOptions().BlockingWaitTimeout);

    private bool _isLoopless;

    /// <summary>
    /// Counts this runtime among those that have no loop. As long as there is one, plain functions (<see cref="PyFunction"/>) record the loop that runs
    /// where Python calls them.
    /// </summary>
    internal void CountLoopless(bool isLoopless)
    {
        lock (s_looplessLock)
        {
            if (_isLoopless != isLoopless)
            {
                _isLoopless = isLoopless;
                s_loopless += isLoopless ? 1 : -1;
                PyFunction.OnPlainCall = s_loopless > 0 ? RecordPlainEntry : null;
            }
        }
    }

    /// <summary>Records the loop that runs on this thread for the code of a call through this runtime, or that none runs.</summary>
    /// <returns>The context of the call; null if no loop runs here.</returns>
    internal EventLoopContext? RecordEntry(ExecutionContext? flow)
    {
        RunningThread thread = RunningThread.Current;
        if (LoopRegistry.Current.Running(thread, _loopSettings) is { } loop)
        {
            EventLoopContext here = loop.CaptureContext(thread).RecordedBy(this);
            EntryFromPython.CurrentFlow = here.Enter(flow);
            return here;
        }

        if (EventLoopContext.Current is not null)
        {
            EntryFromPython.CurrentFlow = EventLoopContext.EnterNone();
        }

        return null;
    }

    /// <summary>Records the loop of a plain function's call, for runtimes that have no loop.</summary>
    private static void RecordPlainEntry(ExecutionContext? flow)
    {
        EventLoopContext? current = EventLoopContext.Current;
        if (current is { Recorder: Runtime { HasOwnLoop: true }, Loop: PythonEventLoop { Owner: null } })
        {
            return; // A runtime that has a loop keeps the foreign loop that it was called on.
        }

        RunningThread thread = RunningThread.Current;
        if (LoopRegistry.Current.Running(thread, s_plainSettings) is { } loop)
        {
            EntryFromPython.CurrentFlow = loop.CaptureContext(thread).RecordedBy(EventLoopContext.PlainRecorder).Enter(flow);
        }
        else if (current is not null)
        {
            EntryFromPython.CurrentFlow = EventLoopContext.EnterNone();
        }
    }
}
