using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>A posted callback (<see cref="EventLoop.Post(Action{object?}, object?)"/>).</summary>
internal sealed class PostedCallback(Action<object?> callback, object? state) : IInboxItem
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public IInboxItem? Next { get; set; }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Reported to the exception handler; the loop continues.")]
    public bool Run(PythonEventLoop loop)
    {
        try
        {
            if (_context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(_context, static item => ((PostedCallback)item!).RunInContext(), this);
            }
        }
        catch (Exception e)
        {
            loop.ReportUnobserved("A callback posted to the event loop failed.", e);
        }

        return true;
    }

    public void Abandon(Exception reason)
    {
    }

    // The loop's thread runs the callback as a function that Python calls.
    private void RunInContext()
    {
        ExecutionContext? before = EntryFromPython.CurrentFlow;
        EntryFromPython.CurrentFlow = _context;
        try
        {
            callback(state);
        }
        finally
        {
            EntryFromPython.CurrentFlow = before;
        }
    }
}

/// <summary>Work of a lane (<see cref="EventLoop.Schedule"/>). It restores its context and handles its failures. Without the loop it runs on the thread pool.</summary>
internal sealed class PostedWork(Action<object?> work, object? state) : IInboxItem
{
    public IInboxItem? Next { get; set; }

    public bool Run(PythonEventLoop loop)
    {
        work(state);
        return true;
    }

    public void Abandon(Exception reason) => ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
}

/// <summary>Wakes the loop, so that it runs a drain.</summary>
internal sealed class WakeUpItem : IInboxItem
{
    public IInboxItem? Next { get; set; }

    public bool WaitsItsTurn => false;

    public bool IsAwaited => false;

    public bool Run(PythonEventLoop loop) => true;

    public void Abandon(Exception reason)
    {
    }
}
