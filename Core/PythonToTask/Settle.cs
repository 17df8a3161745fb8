using System.Runtime.CompilerServices;

namespace PyAsync.PythonToTask;

/// <summary>Creates the exceptions that Tasks end with.</summary>
internal static class Settle
{
    /// <summary>Converts an exception for the caller of an await.</summary>
    /// <param name="exception">The outcome.</param>
    /// <param name="cancellationToken">The caller's token: a cancellation that it requested carries it.</param>
    public static Exception ForAwaiter(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException canceled && cancellationToken.IsCancellationRequested && canceled.CancellationToken != cancellationToken
            ? new OperationCanceledException(canceled.Message, canceled, cancellationToken) // A .NET cancellation that went through Python and came back.
            : exception;

    /// <summary>Fails a Task; after a cancellation it ends as cancelled, and still throws the same exception with its traceback.</summary>
    public static void WithException<T>(TaskCompletionSource<T> source, Exception exception, CancellationToken cancellationToken)
    {
        // TrySetCanceled would discard the exception; an async method's builder keeps it.
        var builder = AsyncTaskMethodBuilder<T>.Create();
        builder.SetException(ForAwaiter(exception, cancellationToken));
        source.TrySetFromTask(builder.Task);
    }
}
