using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using PyAsync.Interop;

namespace PyAsync.Scopes;

/// <summary>Collects the failures of a scope, and cancels it at the first one.</summary>
/// <param name="outside">The token of the scope's caller.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Without a timer there is nothing to dispose, and children may keep the token.")]
internal sealed class ScopeOutcome(CancellationToken outside)
{
    private static readonly CancellationToken s_withoutSource = new(canceled: true);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Exception> _failures = [];
    private Task? _cancelling;
    private Exception? _cancellation;
    private Exception? _bodyFailure;

    public CancellationToken Token => _stop.Token;

    /// <summary>Cancels the scope. Callbacks on the token run on the thread pool.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _cancelling ??= _stop.CancelAsync();
        }
    }

    public void AddFailure(Exception failure)
    {
        lock (_lock)
        {
            // A body that awaits a child fails with the child's exception.
            if (!_failures.Contains(failure, ReferenceEqualityComparer.Instance))
            {
                _failures.Add(failure);
            }
        }

        Cancel();
    }

    /// <summary>Records that the body has failed. As in an <c>asyncio.TaskGroup</c>, its failure comes behind those of the children.</summary>
    public void AddBodyFailure(Exception failure)
    {
        _bodyFailure = failure;
        Cancel();
    }

    /// <summary>Records that the body has ended as cancelled.</summary>
    public void AddCancellation(OperationCanceledException cancellation)
    {
        _cancellation = cancellation;
        Cancel();
    }

    /// <summary>
    /// True if work ended by a time-out (<c>CancelAfter</c>), which is a failure, rather than by a requested cancellation. As for calls from Python, a cancellation without a token is a requested one.
    /// </summary>
    /// <param name="exception">The exception that the work ended with.</param>
    /// <param name="given">The token that the work was given; none for Python's work.</param>
    public bool IsTimeout(OperationCanceledException exception, CancellationToken given)
    {
        if (exception is IPythonError)
        {
            return false;
        }

        if (Token.IsCancellationRequested)
        {
            return ExceptionToPython.IsTimeout(exception);
        }

        CancellationToken token = exception.CancellationToken;
        if (token.IsCancellationRequested && token != s_withoutSource && token != given && token != outside)
        {
            ExceptionToPython.MarkAsTimeout(exception);
        }

        return ExceptionToPython.IsTimeout(exception);
    }

    /// <summary>Throws what <c>asyncio.TaskGroup</c> raises: an exit or an interrupt alone, else all failures, else the cancellation. Called when all work has ended.</summary>
    /// <param name="cancellationToken">Fires when the caller's token does, and when the runtime ends.</param>
    public async Task ThrowIfFailedAsync(CancellationToken cancellationToken)
    {
        if (_cancelling is not null)
        {
            await WaitForCallbacksAsync(_cancelling).ConfigureAwait(false);
        }

        if (_bodyFailure is not null)
        {
            AddFailure(_bodyFailure);
        }

        if (_failures.Find(static failure => failure is IPythonError { Error.ExitCode: not null }) is { } exit)
        {
            ExceptionDispatchInfo.Throw(exit);
        }

        if (_failures.Count > 0)
        {
            throw new TaskScopeException(_failures);
        }

        if (_cancelling is null)
        {
            return;
        }

        if (outside.IsCancellationRequested)
        {
            throw new OperationCanceledException("The scope was cancelled.", _cancellation, outside);
        }

        if (_cancellation is not null)
        {
            ExceptionDispatchInfo.Throw(_cancellation);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The scope reports it.")]
    private async Task WaitForCallbacksAsync(Task cancelling)
    {
        try
        {
            await cancelling.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            AddFailure(e); // A callback on the token has failed.
        }
    }
}
