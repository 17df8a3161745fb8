using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// One .NET runtime for asynchronous work and one Python event loop, and the bridge between them: Python coroutines become
/// <see cref="Task"/>s, .NET work becomes Python awaitables.
/// </summary>
/// <remarks>
/// <para>An instance, never a static: several live in one process and share its one Python interpreter.</para>
/// <para>Every member may be called from any thread. Starting or finishing an await takes no GIL on a .NET thread: requests go
/// into the loop's inbox, and the loop's own thread, which holds the GIL anyway, does what needs it. The members that give a
/// <see cref="PyObject"/> at once (<c>FutureIntoPy</c>, <c>AsyncEnumerableIntoPy</c>) do take it, and are meant to be called
/// where it is held: from a function that Python called.</para>
/// <para>Which loop a call lands on: the <see cref="EventLoopContext"/> that it is given; else the loop that runs on this thread;
/// else the context that the calling code runs in (<see cref="EventLoopContext.Current"/>); else the runtime's own.</para>
/// <para>Disposing ends the runtime: new calls are refused, work on both sides is cancelled and waited for (<see cref="PyAsyncOptions.ShutdownTimeout"/>),
/// what is left is settled as cancelled, the loop is closed. <c>Dispose</c> waits for that, and throws an <see cref="InvalidOperationException"/> on
/// the loop's own thread; <c>DisposeAsync</c> may be called anywhere.</para>
/// <para>The members without a converter find one by reflection (<see cref="PyConvert.For{T}"/>); trimmed and NativeAOT code uses
/// those that take a <see cref="PyConverter{T}"/>.</para>
/// </remarks>
public partial interface IRuntime : IAsyncDisposable, IDisposable
{
    /// <summary>The backend's name and the loop's, for logs and metrics: <c>ThreadPool/asyncio</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Starts the runtime's own loop on a thread of its own, as a host does at its start. Starts Python first if nothing has.
    /// A runtime that has been started, or whose loop a calling thread runs, needs no second start; the call then does nothing.
    /// </summary>
    /// <param name="ct">Gives up waiting for the start; a loop that starts all the same is ended when the runtime is disposed.</param>
    /// <exception cref="PythonNotFoundException">No usable Python; the message lists what was tried and what to install.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="InvalidOperationException"><see cref="PyAsyncOptions.Signals"/> is <c>Python</c>, which needs the main thread.</exception>
    Task StartAsync(CancellationToken ct = default);

    /// <summary>The event loop that a call made here and now would land on.</summary>
    /// <exception cref="NoRunningLoopException">There is none: the message says what to do.</exception>
    EventLoop GetCurrentLoop();

    /// <summary>
    /// The loop that a call made here would land on, with the Python context variables and the ExecutionContext of this moment:
    /// what to keep when the calls come later, from somewhere else.
    /// </summary>
    /// <exception cref="NoRunningLoopException">There is no loop: the message says what to do.</exception>
    EventLoopContext CaptureContext();
}
