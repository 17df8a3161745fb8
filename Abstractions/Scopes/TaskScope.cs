using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A group of work of .NET and of Python that ends together, as <c>asyncio.TaskGroup</c>: <c>RunScopeAsync</c> runs a body, which starts children. The scope ends when the
/// body and all children have ended. A failure of one cancels the others.
/// </summary>
/// <remarks>Every member may be called from any thread, without the GIL.</remarks>
public sealed class TaskScope
{
    private readonly IRuntime _runtime;
    private readonly ScopeOutcome _outcome;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 1; // The body.

    /// <param name="runtime">Runs the children.</param>
    /// <param name="outside">The token of the scope's caller.</param>
    internal TaskScope(IRuntime runtime, CancellationToken outside)
    {
        _runtime = runtime;
        _outcome = new ScopeOutcome(outside);
    }

    /// <summary>Gets the token that fires when the scope is cancelled: a child or the body has failed, the caller's token has fired, or the runtime ends.</summary>
    public CancellationToken Token => _outcome.Token;

    /// <summary>Starts a child of .NET on the backend.</summary>
    /// <param name="work">The work. Its token fires when the scope is cancelled. If that has happened already, the work never begins.</param>
    /// <returns>
    /// The child. Its Task need not be awaited: the scope waits for it, and reports its failure. A child that ends as cancelled is no failure, unless it ended by a time-out: by a
    /// <see cref="TimeoutException"/>, or by a token that is neither the scope's nor the caller's.
    /// </returns>
    /// <exception cref="InvalidOperationException">The scope has ended.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    public ScopeChild<T> Start<T>(Func<CancellationToken, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var given = new GivenToken();
        return Start(
            () => _runtime.Spawn(
                token =>
                {
                    given.Token = token;
                    return work(token);
                },
                Token),
            given);
    }

    /// <inheritdoc cref="Start{T}(Func{CancellationToken, Task{T}})"/>
    public ScopeChild Start(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Start(token => Resultless.Of(work(token) ?? throw new InvalidOperationException("The work returned null; it must return a Task.")));
    }

    /// <summary>Starts a child of Python: awaits a coroutine, a future or another awaitable.</summary>
    /// <param name="awaitable">Makes the awaitable. Runs on the loop's thread; must not block. If the scope has been cancelled already, it is not called.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <returns>
    /// The child, which is cancelled as by <c>task.cancel()</c> when the scope is. Its Task need not be awaited: the scope waits for it, and reports its failure.
    /// A child that ends as cancelled is no failure.
    /// </returns>
    /// <exception cref="InvalidOperationException">The scope has ended.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public ScopeChild<T> Start<T>(Func<PyObject> awaitable, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        ArgumentNullException.ThrowIfNull(converter);
        return Start(() => _runtime.IntoFuture(awaitable, converter, Token), new GivenToken());
    }

    /// <inheritdoc cref="Start{T}(Func{PyObject}, PyConverter{T})"/>
    public ScopeChild<PyObject> Start(Func<PyObject> awaitable) => Start(awaitable, PyConvert.PyObject);

    /// <summary>Runs the body, and waits for the children.</summary>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Fires when the caller's token does, and when the runtime ends.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The scope reports it, after the children have ended.")]
    internal async Task<T> RunAsync<T>(Func<TaskScope, Task<T>> body, CancellationToken cancellationToken)
    {
        T? result = default;
        await using (cancellationToken.UnsafeRegister(static outcome => ((ScopeOutcome)outcome!).Cancel(), _outcome).ConfigureAwait(false))
        {
            try
            {
                result = await (body(this) ?? throw new InvalidOperationException("The body of a scope returned null; it must return a Task.")).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!_outcome.IsTimeout(e, cancellationToken))
            {
                _outcome.AddCancellation(e);
            }
            catch (Exception e)
            {
                _outcome.AddBodyFailure(e);
            }

            Leave();
            await _idle.Task.ConfigureAwait(false);
        }

        await _outcome.ThrowIfFailedAsync(cancellationToken).ConfigureAwait(false);
        return result!;
    }

    private ScopeChild<T> Start<T>(Func<Task<T>> start, GivenToken given)
    {
        Enter();
        Task<T> child;
        try
        {
            child = start();
        }
        catch
        {
            Leave();
            throw;
        }

        _ = WatchAsync(child, given);
        return new ScopeChild<T>(child);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The scope reports it.")]
    private async Task WatchAsync(Task child, GivenToken given)
    {
        try
        {
            await child.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!_outcome.IsTimeout(e, given.Token))
        {
            // As a task that was cancelled alone: the others continue.
        }
        catch (Exception e)
        {
            _outcome.AddFailure(e);
        }

        Leave();
    }

    private void Enter()
    {
        int running = Volatile.Read(ref _running);
        while (running > 0)
        {
            int seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                return;
            }

            running = seen;
        }

        throw new InvalidOperationException("The scope has ended: its body and all of its children have. Start children in the body, or in a child that has not ended.");
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.SetResult();
        }
    }

    /// <summary>Keeps the token that a child was given, which is linked to the scope's and to the runtime's.</summary>
    private sealed class GivenToken
    {
        public CancellationToken Token { get; set; }
    }
}
