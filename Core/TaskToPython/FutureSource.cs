using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>The source of a Python future of this library: the .NET work that will complete it.</summary>
internal abstract class FutureSource
{
    /// <summary>Called when Python requests the cancellation of the work. On the loop's thread, with the GIL held: must not run user code.</summary>
    /// <returns>
    /// True if the future becomes cancelled now, as an <c>asyncio.Future</c> does. False if it stays pending until the work has ended, as an
    /// <c>asyncio.Task</c> does; Python gets the same answer.
    /// </returns>
    public abstract bool Cancel();

    /// <summary>Gets the full name of the C# method that does the work; null if it is not known.</summary>
    public virtual string? MethodName => null;
}
