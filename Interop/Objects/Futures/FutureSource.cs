namespace PyAsync.Interop;

/// <summary>What stands behind a Python future of ours: the .NET work that will complete it.</summary>
internal abstract class FutureSource
{
    /// <summary>Python asks for the work to be cancelled. On the loop's thread, with the GIL held: must not run user code.</summary>
    /// <returns>
    /// True: the future turns cancelled now, as an <c>asyncio.Future</c> does. False: it stays pending until the work has
    /// ended, as an <c>asyncio.Task</c> does; Python is answered the same.
    /// </returns>
    public abstract bool Cancel();
}
