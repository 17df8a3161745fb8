using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// Recognises calls that their own cancellation token ended, such as <c>CancelAfter</c>: in Python no task was cancelled, so that a <c>CancelledError</c>
/// would end a TaskGroup as if all were well.
/// </summary>
/// <remarks>
/// .NET does not record whether a timer or code has cancelled a token. Time-outs are by far the most common reason for a call to end by a token that is
/// not its caller's, so both count as a time-out. An exception stays a cancellation if it is known not to be a time-out: it has the token that the call
/// was given, the token of the main work, the token of a request that C# has in flight on the loop, or <c>new CancellationToken(true)</c>, or it has no
/// token.
/// </remarks>
internal static class OwnToken
{
    private static readonly CancellationToken s_withoutSource = new(canceled: true);

    /// <summary>True if a call ended by a time-out: the exception is then converted to a TimeoutError. On the loop's thread, with the GIL.</summary>
    /// <param name="exception">The exception that the call ended with.</param>
    /// <param name="loop">The loop that the call was made on.</param>
    /// <param name="given">The source of the token that the call was given; null if it was given none.</param>
    public static bool IsTimeout(OperationCanceledException exception, PythonEventLoop loop, WorkCancellation? given)
    {
        if (given is { IsCancellationRequested: true })
        {
            return false;
        }

        CancellationToken token = exception.CancellationToken;
        if (token.IsCancellationRequested && token != s_withoutSource && token != loop.MainToken && !loop.Awaits.HasToken(token))
        {
            ExceptionToPython.MarkAsTimeout(exception);
        }

        return ExceptionToPython.IsTimeout(exception);
    }
}
