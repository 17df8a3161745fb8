using PyAsync.Interop;

namespace PyAsync;

public partial interface IRuntime
{
    /// <summary>
    /// Gives the calling thread to the Python loop until <paramref name="main"/>, which runs on the backend, is done. As
    /// <c>loop.run_until_complete</c>: the loop stays as it is for a next run, and is ended when the runtime is disposed.
    /// </summary>
    /// <param name="main">The main work. Its token fires when the runtime ends.</param>
    /// <exception cref="InvalidOperationException">
    /// A loop runs on this thread already, or the runtime's loop runs on a thread of its own (a host, <see cref="StartAsync"/>): await
    /// with <c>IntoFuture</c> there.
    /// </exception>
    /// <exception cref="SignalReceivedException">A signal cancelled the main work, with <see cref="PyAsyncOptions.Signals"/> set to <c>Host</c>.</exception>
    /// <exception cref="PythonException">
    /// What the main work failed with; or a <c>SystemExit</c> or <c>KeyboardInterrupt</c> of a Python callback or signal handler, after it has
    /// cancelled the main work.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    void RunUntilComplete(Func<CancellationToken, Task> main);

    /// <inheritdoc cref="RunUntilComplete(Func{CancellationToken, Task})"/>
    T RunUntilComplete<T>(Func<CancellationToken, Task<T>> main);

    /// <summary>Gives the calling thread to the Python loop until <c>loop.stop()</c> is called in Python, or <paramref name="ct"/> fires.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="RunUntilComplete(Func{CancellationToken, Task})"/>.</exception>
    /// <exception cref="SignalReceivedException">A signal stopped the loop, with <see cref="PyAsyncOptions.Signals"/> set to <c>Host</c>.</exception>
    /// <exception cref="PythonException">A <c>SystemExit</c> or <c>KeyboardInterrupt</c> of a Python callback or signal handler stopped the loop.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    void RunForever(CancellationToken ct = default);
}
