namespace PyAsync.Loops;

/// <summary>Counts the operations of a loop at nearly no cost.</summary>
internal sealed class LoopCounters
{
    private long _wakeUps;
    private long _items;

    /// <summary>Gets the number of wake-ups from other threads; each is one system call.</summary>
    public long WakeUps => Interlocked.Read(ref _wakeUps);

    /// <summary>Gets the number of requests, completions and callbacks that the loop has handled.</summary>
    public long Items => Interlocked.Read(ref _items);

    public void CountWakeUp() => Interlocked.Increment(ref _wakeUps);

    // Only the loop's thread writes the number, so a plain write is enough.
    public void CountItems(int items) => Volatile.Write(ref _items, _items + items);
}
