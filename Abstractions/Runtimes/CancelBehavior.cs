namespace PyAsync;

/// <summary>Specifies how a Python awaitable of .NET work ends when Python cancels it.</summary>
public enum CancelBehavior
{
    /// <summary>
    /// As <c>asyncio.Task.cancel()</c>: the work's token fires, and the awaitable ends when the work does, with its result if it
    /// swallowed the cancellation; a task that awaits it is cancelled nevertheless. The default for work that was given a token.
    /// </summary>
    Wait,

    /// <summary>
    /// As <c>asyncio.Future.cancel()</c>: the awaitable is cancelled at once and the work continues; if the work fails later, the failure goes to the
    /// loop's exception handler. The default for work that was given no token.
    /// </summary>
    Abandon,
}
