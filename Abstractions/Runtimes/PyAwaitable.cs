namespace PyAsync;

/// <summary>Specifies what an asynchronous function written in C# returns to Python.</summary>
public enum PyAwaitable
{
    /// <summary>
    /// A future of the event loop that runs where the function is called. The work starts at the call. <c>await</c>, <c>gather</c>, <c>wait_for</c>,
    /// <c>timeout</c> and <c>shield</c> take it; it can be awaited more than once.
    /// </summary>
    Future,

    /// <summary>
    /// A coroutine, as an <c>async def</c> returns: <c>asyncio.create_task</c>, <c>TaskGroup.create_task</c> and <c>asyncio.run</c> take it too. The
    /// arguments are converted at the call, which needs no event loop. The work starts when the coroutine is awaited, on the loop that runs there. A
    /// coroutine can be awaited once, and Python warns of one that is never awaited.
    /// </summary>
    Coroutine,
}
