using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>Runs C# code on the loop's thread.</summary>
internal sealed class InvokeRequest<T>(Func<T> code, EventLoopContext context, CancellationToken cancellationToken)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IInboxItem
{
    public IInboxItem? Next { get; set; }

    public Task<T> Post()
    {
        ((PythonEventLoop)context.Loop).PostOrThrow(this);
        return Task;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    public bool Run(PythonEventLoop loop)
    {
        if (loop.EndReason is { } reason)
        {
            Abandon(reason);
            return true;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            TrySetCanceled(cancellationToken);
            return true;
        }

        RequestScope scope = default;
        try
        {
            scope = RequestScope.Enter(context, isolate: true);
            TrySetResult(code());
        }
        catch (Exception e)
        {
            Settle.WithException(this, e, cancellationToken);
        }
        finally
        {
            scope.Exit();
        }

        return true;
    }

    public void Abandon(Exception reason) => Settle.WithException(this, reason, cancellationToken);
}
