using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// Finds the loop that runs on this thread. Before 3.12 asyncio's own function calls getpid each time, which is most of the cost of a call into .NET. The
/// function reads the loop from a place that can be read here.
/// </summary>
internal sealed class RunningLoop
{
    private readonly RunningLoopPlace _place = new();

    /// <summary>Gets the loop that runs on this thread, for the length of a call; NULL if none runs. Needs the GIL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BorrowedReference Find(RunningThread thread) => _place.IsKnown ? _place.Read(thread) : Ask(thread);

    private BorrowedReference Ask(RunningThread thread)
    {
        using NewReference running = AsyncioObjects.Current.RunningLoop();
        if (running.Borrow().IsNone)
        {
            return default;
        }

        _place.Probe(thread, running.Borrow());

        // The thread keeps the loop alive while it runs it.
        return running.Borrow();
    }
}
