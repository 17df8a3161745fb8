using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A Python context manager that .NET code has entered (<see cref="ScopeExtensions.EnterAsync{T}(IRuntime, Func{PyObject}, PyConverter{T}, CancellationToken)"/>), and
/// exits by <c>DisposeAsync</c>. One Python task enters it, waits, and exits it.
/// </summary>
/// <typeparam name="T">The type of the value that entering gives.</typeparam>
/// <remarks>
/// <para>As with TransactionScope, a scope that ends without <see cref="Complete"/> was abandoned: <c>__aexit__</c> receives a
/// <c>pyasync.ScopeAbandoned</c>, so that a transaction is rolled back.</para>
/// <para>Every member may be called from any thread, without the GIL. A scope that is dropped without being disposed is abandoned when the garbage collector finds it.</para>
/// </remarks>
public sealed class PyScope<T> : IAsyncDisposable
{
    private readonly Entry _entry;
    private readonly Task _held;
    private int _state;

    private PyScope(Entry entry, Task held)
    {
        _entry = entry;
        _held = held;
    }

    /// <summary>Abandons a scope that was not disposed.</summary>
    ~PyScope() => _entry.End.TrySetResult(false);

    /// <summary>Gets the value that entering gave. Belongs to the scope: do not dispose it.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public T Value => Volatile.Read(ref _state) < State.Ended ? _entry.Value : throw Ended();

    /// <summary>
    /// Gets the loop and the context variables that <c>__aenter__</c> has set, for calls of the scope's code: <c>runtime.In(scope.Context)</c>. Each call runs in its own copy
    /// of the variables.
    /// </summary>
    public EventLoopContext Context => _entry.Context;

    /// <summary>
    /// Gets the token that fires when the Python task that holds the manager is cancelled: by <c>asyncio.timeout</c> or a cancel scope that the manager is or has, or by
    /// the end of the runtime. The scope's code is then to end and to dispose the scope; the manager is exited no earlier.
    /// </summary>
    public CancellationToken Token => _entry.Token;

    /// <summary>Records that the scope's code has succeeded: <c>__aexit__</c> receives no exception. Disposing exits the manager.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public void Complete()
    {
        if (Interlocked.CompareExchange(ref _state, State.Completed, State.Entered) >= State.Ended)
        {
            throw Ended();
        }
    }

    /// <summary>
    /// Exits the manager, and waits for that. Further calls wait too, and throw nothing.
    /// </summary>
    /// <returns>
    /// A Task that fails with the exception that <c>__aexit__</c> raises. It does not fail with the <c>ScopeAbandoned</c> that <c>__aexit__</c> lets pass. If the task that holds the
    /// manager was cancelled, a completed scope fails with an <see cref="OperationCanceledException"/> that has <see cref="Token"/>, because the manager has received a
    /// <c>CancelledError</c>; an abandoned one does not.
    /// </returns>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        int before = Interlocked.Exchange(ref _state, State.Ended);
        bool isComplete = before == State.Completed;
        if (before == State.Ended)
        {
            await _held.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        _entry.End.TrySetResult(isComplete);
        try
        {
            await _held.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!isComplete)
        {
            // The code that abandons a scope usually ends by the same cancellation, whose exception is on its way.
        }
        catch (OperationCanceledException e) when (Token.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, Token);
        }
    }

    /// <summary>Enters a manager.</summary>
    internal static Task<PyScope<T>> EnterAsync(IRuntime runtime, Func<PyObject> manager, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<PyScope<T>>(cancellationToken);
        }

        var entered = new TaskCompletionSource<Entry>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The caller's token cancels the entering only. Without a timer there is nothing to dispose.
        CancellationTokenSource? entering = cancellationToken.CanBeCanceled ? new CancellationTokenSource() : null;
        Task held = runtime.HoldAsync(manager, converter, Hold, entering?.Token ?? CancellationToken.None);
        return WaitAsync();

        Task<bool> Hold(T value, EventLoopContext context, CancellationToken token)
        {
            // The work must not refer to the scope, whose finaliser ends it.
            var entry = new Entry(value, context, token);
            entered.SetResult(entry);
            return entry.End.Task;
        }

        async Task<PyScope<T>> WaitAsync()
        {
            await using (cancellationToken.UnsafeRegister(static entering => ((CancellationTokenSource)entering!).Cancel(), entering).ConfigureAwait(false))
            {
                await Task.WhenAny(entered.Task, held).ConfigureAwait(false);
            }

            if (!entered.Task.IsCompletedSuccessfully)
            {
                await NotEnteredAsync().ConfigureAwait(false);
            }

            var scope = new PyScope<T>(await entered.Task.ConfigureAwait(false), held);
            if (entering is { IsCancellationRequested: true })
            {
                await scope.DisposeAsync().ConfigureAwait(false);
                throw new OperationCanceledException(cancellationToken);
            }

            return scope;
        }

        async Task NotEnteredAsync()
        {
            try
            {
                await held.ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }

            throw new InvalidOperationException("The scope was not entered: the context manager swallowed the exception that ended it before the .NET code began.");
        }
    }

    private static ObjectDisposedException Ended() => new(nameof(PyScope<>), "The scope has ended: its context manager was exited. Use it before it is disposed.");

    /// <summary>The data of an entered manager, which its Python task keeps alive.</summary>
    private sealed record Entry(T Value, EventLoopContext Context, CancellationToken Token)
    {
        /// <summary>Gets the source of the result of the scope's code: false if it was abandoned.</summary>
        public TaskCompletionSource<bool> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static class State
    {
        public const int Entered = 0;
        public const int Completed = 1;
        public const int Ended = 2;
    }
}
