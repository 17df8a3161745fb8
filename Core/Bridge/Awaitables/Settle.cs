using System.Runtime.CompilerServices;

namespace PyAsync;

/// <summary>The exceptions that Tasks end with.</summary>
internal static class Settle
{
    /// <summary>The exception as the caller of an await is to see it.</summary>
    /// <param name="exception">The outcome.</param>
    /// <param name="ct">The caller's token: a cancellation that it asked for carries it.</param>
    public static Exception ForAwaiter(Exception exception, CancellationToken ct) =>
        exception is OperationCanceledException canceled && ct.IsCancellationRequested && canceled.CancellationToken != ct
            ? new OperationCanceledException(canceled.Message, canceled, ct) // A .NET cancellation that went through Python and came back.
            : exception;

    /// <summary>
    /// Fails a Task; with a cancellation it ends as cancelled, which still throws the very exception, traceback and all.
    /// </summary>
    public static void WithException<T>(TaskCompletionSource<T> source, Exception exception, CancellationToken ct)
    {
        // TrySetCanceled would throw away the exception; an async method's builder keeps it.
        var builder = AsyncTaskMethodBuilder<T>.Create();
        builder.SetException(ForAwaiter(exception, ct));
        source.TrySetFromTask(builder.Task);
    }
}
