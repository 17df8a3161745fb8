namespace PyAsync;

/// <summary>What a loop has done, counted where it costs next to nothing.</summary>
internal sealed class LoopCounters
{
    private long _wakeUps;
    private long _drains;
    private long _items;

    /// <summary>How often the loop was woken from outside: one system call each.</summary>
    public long WakeUps => Interlocked.Read(ref _wakeUps);

    /// <summary>How often the loop looked into its inbox.</summary>
    public long Drains => Interlocked.Read(ref _drains);

    /// <summary>How many requests, completions and callbacks it did.</summary>
    public long Items => Interlocked.Read(ref _items);

    public void CountWakeUp() => Interlocked.Increment(ref _wakeUps);

    // Only the loop's thread counts these, so that a plain write is enough.
    public void CountDrain(int items)
    {
        Volatile.Write(ref _drains, _drains + 1);
        Volatile.Write(ref _items, _items + items);
    }
}
