using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// One .NET runtime for asynchronous work and one Python event loop, and the bridge between them: Python coroutines become
/// <see cref="Task"/>s, .NET work becomes Python awaitables.
/// </summary>
/// <remarks>
/// <para>Runtimes are instances, never static: several can exist in one process and share its one Python interpreter.</para>
/// <para>Each member here is the complete form. The shorter forms (without a converter, without a result, by a method's name) are
/// extension methods: those of <see cref="RuntimeExtensions"/> work under trimming and NativeAOT, those of
/// <see cref="RuntimeReflectionExtensions"/> find a converter by reflection (<see cref="PyConvert.For{T}"/>).</para>
/// <para>Every member may be called from any thread. Starting or finishing an await takes no GIL on a .NET thread: requests go into the loop's inbox,
/// and the loop's own thread, which holds the GIL anyway, does the work that needs the GIL. The members that return a <see cref="PyObject"/> at once
/// (<c>FutureIntoPy</c>, <c>AsyncEnumerableIntoPy</c>) do take the GIL. Call them where it is held already: in a function that Python called.</para>
/// <para>A call uses the <see cref="EventLoopContext"/> that it is given (<see cref="In"/>, or <see cref="EventLoopContext.Run(Action)"/>); else
/// the foreign loop (<c>asyncio.run</c>) that has called the running code through this runtime; else the runtime's own loop. A runtime
/// without its own loop (in a Python module, or not started) uses the loop that has called the running code, else the loop that runs on
/// this thread. A call never uses the loop of another runtime.</para>
/// <para>Disposing ends the runtime: it refuses new calls, cancels work on both sides and waits for it (<see cref="PyAsyncOptions.ShutdownTimeout"/>),
/// settles the remaining work as cancelled, and closes the loop. <c>Dispose</c> waits for that, and throws an <see cref="InvalidOperationException"/>
/// on the loop's own thread; <c>DisposeAsync</c> may be called anywhere.</para>
/// </remarks>
public partial interface IRuntime : IAsyncDisposable, IDisposable
{
    /// <summary>Gets the backend's name and the loop's, for logs and metrics: <c>ThreadPool/asyncio</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Starts the runtime's own loop on a dedicated thread, as a host does at its start. Starts Python first if it is not running. A second start, and
    /// a start of a runtime whose loop a calling thread runs, does nothing.
    /// </summary>
    /// <param name="cancellationToken">Cancels waiting for the start; if the loop starts nevertheless, disposing the runtime ends it.</param>
    /// <exception cref="PythonNotFoundException">There is no usable Python; the message lists what was tried and what to install.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="InvalidOperationException"><see cref="PyAsyncOptions.Signals"/> is <c>Python</c>, which needs the main thread; or the runtime is one of <see cref="In"/>.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the calling thread to the Python loop until <paramref name="main"/>, which runs on the backend, is done. As
    /// <c>loop.run_until_complete</c>: the loop stays open for a next run. Disposing the runtime ends it.
    /// </summary>
    /// <param name="main">The main work. Its token fires when the runtime ends.</param>
    /// <returns>The main work's result.</returns>
    /// <exception cref="InvalidOperationException">
    /// A loop runs on this thread already, or the runtime's loop runs on a separate thread (a host, <see cref="StartAsync"/>): await
    /// with <c>IntoFuture</c> there. Or the runtime is one of <see cref="In"/>.
    /// </exception>
    /// <exception cref="SignalReceivedException">A signal cancelled the main work, with <see cref="PyAsyncOptions.Signals"/> set to <c>Host</c>.</exception>
    /// <exception cref="PythonException">
    /// The main work failed with it; or a Python callback or signal handler raised <c>SystemExit</c> or <c>KeyboardInterrupt</c>, which cancelled the
    /// main work.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main);

    /// <summary>Gives the calling thread to the Python loop until <c>loop.stop()</c> is called in Python, or <paramref name="cancellationToken"/> fires.</summary>
    /// <param name="cancellationToken">Stops the loop.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="RunUntilComplete{T}"/>.</exception>
    /// <exception cref="SignalReceivedException">A signal stopped the loop, with <see cref="PyAsyncOptions.Signals"/> set to <c>Host</c>.</exception>
    /// <exception cref="PythonException">A <c>SystemExit</c> or <c>KeyboardInterrupt</c> of a Python callback or signal handler stopped the loop.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    void RunForever(CancellationToken cancellationToken = default);

    /// <summary>Gets the event loop that a call would use here and now.</summary>
    /// <exception cref="NoRunningLoopException">There is no loop: the message says what to do.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    EventLoop GetCurrentLoop();

    /// <summary>
    /// Gets the loop that a call would use here, with the current Python context variables and the current ExecutionContext. Keep it for later calls
    /// from other code (<see cref="In"/>).
    /// </summary>
    /// <exception cref="NoRunningLoopException">There is no loop: the message says what to do.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    EventLoopContext CaptureContext();

    /// <summary>
    /// Gets this runtime with a given context, which all calls through it use. It shares everything else; disposing it does nothing, and
    /// <see cref="StartAsync"/>, <see cref="RunUntilComplete{T}"/> and <see cref="RunForever"/> on it throw.
    /// </summary>
    /// <param name="context">The loop and the Python context of the calls.</param>
    /// <exception cref="ArgumentException">The context's loop did not come from a runtime.</exception>
    IRuntime In(EventLoopContext context);

    /// <summary>Runs asynchronous work on the backend, which also decides where the work continues after an await.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    /// <returns>The work's result, exception or cancellation.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that calls of the work could use.</exception>
    Task<T> Spawn<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default);

    /// <summary>Runs work that blocks (a synchronous driver, a long computation) on a thread that may be blocked.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    /// <returns>The work's result, exception or cancellation.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    Task<T> SpawnBlocking<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken = default);

    /// <summary>Runs asynchronous work that stays on one thread, before and after each of its awaits.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="cancellationToken"/> does, and when the runtime ends.</param>
    /// <param name="cancellationToken">Cancels the work. If it fires before the work has begun, the work never begins.</param>
    /// <returns>The work's result, exception or cancellation.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that calls of the work could use.</exception>
    Task<T> SpawnPinned<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default);

    /// <summary>
    /// Awaits a Python awaitable that <paramref name="awaitable"/> makes on the loop's thread. This form is preferred, because the calling thread
    /// touches no Python object.
    /// </summary>
    /// <param name="awaitable">Makes the coroutine, future or object with <c>__await__</c>. Runs on the loop's thread; must not block.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">
    /// Cancels the Python task, as <c>task.cancel()</c>. The returned Task ends when the Python task has ended, its clean-up included, and
    /// has the task's result if the task swallowed the cancellation. If it fires before the start, the factory is not called.
    /// </param>
    /// <returns>
    /// The awaitable's outcome. Fails with <see cref="PythonException"/>, <see cref="PythonCanceledException"/> or
    /// <see cref="PythonTimeoutException"/>, with a .NET exception that Python code passed on, or with
    /// <see cref="PythonTypeErrorException"/> if the object is not awaitable.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    Task<T> IntoFuture<T>(Func<PyObject> awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default);

    /// <summary>Awaits a Python awaitable: a coroutine, a Task or Future, or any object with <c>__await__</c>.</summary>
    /// <param name="awaitable">Borrowed: it may be disposed right after the call.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">As for the other form. A coroutine that was never started is closed, without a warning.</param>
    /// <inheritdoc cref="IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)" path="/returns|/exception"/>
    Task<T> IntoFuture<T>(PyObject awaitable, PyConverter<T> converter, CancellationToken cancellationToken = default);

    /// <summary>Calls a Python function on the loop's thread and, if it returns an awaitable, awaits that.</summary>
    /// <param name="function">Anything callable. Borrowed, as are Python objects among the arguments.</param>
    /// <param name="arguments">Converted on the loop's thread, when the call is made.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancellationToken">As for <c>IntoFuture</c>. If it fires before the start, the function is not called.</param>
    /// <inheritdoc cref="IntoFuture{T}(Func{PyObject}, PyConverter{T}, CancellationToken)" path="/returns|/exception"/>
    Task<T> CallAsync<T>(PyObject function, CallArguments arguments, PyConverter<T> converter, CancellationToken cancellationToken = default);

    /// <summary>Runs synchronous code on the loop's thread, with the GIL held: for short work with Python objects.</summary>
    /// <param name="onLoop">Must not block: it holds up the loop while it runs.</param>
    /// <param name="cancellationToken">If it fires before the start, the code does not run. Later it has no effect.</param>
    /// <returns>A Task that is completed on the backend or the pool, never on the loop's thread. It fails with the exception that the code throws.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    Task<T> InvokeAsync<T>(Func<T> onLoop, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts .NET work on the backend, always, and returns a Python awaitable of it. In a function that Python called, the awaitable is bound to the
    /// loop that runs there.
    /// </summary>
    /// <param name="work">
    /// The work. Its token fires on the backend, never on the loop's thread, when Python cancels the awaitable
    /// (<c>cancel()</c>, <c>asyncio.timeout</c>, <c>wait_for</c>, a TaskGroup) and when the runtime ends.
    /// </param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <returns>The awaitable, which follows the protocol of <c>asyncio.Future</c>. Belongs to the caller.</returns>
    /// <exception cref="NoRunningLoopException">Python called, and no loop runs on this thread; Python sees a <c>RuntimeError</c>.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    PyObject FutureIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait);

    /// <summary>
    /// Makes a Python awaitable of work that has been started. Work that has completed gives an awaitable that is done: awaiting it
    /// takes no turn of the loop.
    /// </summary>
    /// <param name="started">The work. Python cannot cancel it.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <inheritdoc cref="FutureIntoPy{T}(Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)" path="/returns|/exception"/>
    PyObject FutureIntoPy<T>(ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon);

    /// <summary>
    /// Reads a Python async generator, or any async iterable, as an <see cref="IAsyncEnumerable{T}"/>. Python runs ahead of the reader
    /// by at most <paramref name="buffer"/> items; when the reader stops early, <c>aclose()</c> runs and is waited for. Items that are yielded
    /// without a wait are passed in chunks; an item does not wait for one that is not available yet.
    /// </summary>
    /// <param name="source">Makes the iterable, on the loop's thread, once for each reading.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <param name="buffer">
    /// The maximum number of items that Python may be ahead. At least 1: then Python produces an item when the reader has taken the previous one. A
    /// generator that has filled the buffer resumes when half of it is empty.
    /// </param>
    /// <returns>
    /// A sequence that any thread can read, without the GIL; <c>WithCancellation</c> gives a token that cancels the generator's step. Each
    /// reading fails with the exception that Python raises, as <c>IntoFuture</c> does.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended. Thrown when the reading starts.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed. Thrown when the reading starts.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use. Thrown when the reading starts.</exception>
    IAsyncEnumerable<T> IntoAsyncEnumerable<T>(Func<PyObject> source, PyConverter<T> converter, int buffer = 128);

    /// <summary>Makes a Python async iterator over .NET items: <c>async for item in …</c>. It can be read once.</summary>
    /// <param name="source">The items. Its enumerator runs on the backend, and is disposed when Python stops early (<c>aclose()</c>, or the last reference).</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <param name="buffer">
    /// The maximum number of items that one step of Python fetches. At least 1: then the enumerator runs only while Python awaits an item. A larger
    /// number lets the enumerator run ahead as long as it yields without a wait, up to a move that does wait. When Python stops early, that move is
    /// cancelled by the enumerator's token and waited for; an enumerator that does not observe the token needs the buffer 1.
    /// </param>
    /// <returns>The async iterator. Belongs to the caller.</returns>
    /// <remarks>Takes the GIL if the thread does not hold it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    PyObject AsyncEnumerableIntoPy<T>(IAsyncEnumerable<T> source, PyConverter<T> converter, int buffer = 128);
}
