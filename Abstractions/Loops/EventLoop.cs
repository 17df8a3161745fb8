using PyAsync.Interop;

namespace PyAsync;

/// <summary>A Python event loop as .NET sees it: asyncio's, uvloop's, or any other that follows asyncio's protocol.</summary>
/// <remarks>Every member may be called from any thread, and none but <see cref="GetPythonLoop"/> needs the GIL.</remarks>
public abstract class EventLoop
{
    /// <summary>Gets Python's object of the loop. Belongs to the caller.</summary>
    /// <exception cref="EventLoopClosedException">The loop is closed and gone.</exception>
    public abstract PyObject GetPythonLoop();

    /// <summary>True if the loop is closed: it accepts no more requests.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>True if the loop runs on the calling thread now.</summary>
    public abstract bool IsCurrentThread { get; }

    /// <summary>
    /// Runs code on the loop's thread, with the GIL held, as <c>loop.call_soon_threadsafe</c>. Posts of one thread run in their order.
    /// An exception of the callback goes to the loop's exception handler and to the log.
    /// </summary>
    /// <param name="callback">Must not block.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public abstract void Post(Action<object?> callback, object? state);

    /// <summary>
    /// Runs work on the loop's thread, with the GIL held, in the order in which one thread posts and schedules. A <see cref="WorkLane"/> whose work
    /// runs on the loop is built on it. Unlike a post, scheduled work is never lost: after the end of the loop the thread pool runs it.
    /// </summary>
    /// <param name="work">Does not throw; must not block.</param>
    /// <param name="state">Passed to the work.</param>
    public abstract void Schedule(Action<object?> work, object? state);

    /// <inheritdoc cref="Post(Action{object}, object)"/>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Post(static state => ((Action)state!)(), callback);
    }

    /// <summary>Makes the loop's current run end after this turn, as <c>loop.stop()</c>. A loop that a host runs is entered again.</summary>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public abstract void Stop();
}
