namespace PyAsync;

/// <summary>What becomes of a Python awaitable of .NET work when Python cancels it.</summary>
public enum CancelBehavior
{
    /// <summary>
    /// As <c>asyncio.Task.cancel()</c>: the work's token fires, and the awaitable ends when the work does, with its result if it
    /// swallowed the cancellation; a task that awaits it is cancelled all the same. The default for work that was given a token.
    /// </summary>
    Wait,

    /// <summary>
    /// As <c>asyncio.Future.cancel()</c>: the awaitable is cancelled at once and the work goes on; a failure that it ends with goes to
    /// the loop's exception handler. The default for work that was given no token.
    /// </summary>
    Abandon,
}
