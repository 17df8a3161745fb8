using System.Diagnostics;

namespace PyAsync.Streams;

/// <summary>
/// Chooses how many items of a stream cross the boundary at once: one at first, and twice as many each time, as long as the items come quickly and
/// without a wait. An item is delayed at most by as much time as the items before it have taken.
/// </summary>
internal sealed class StreamChunks(int buffer)
{
    /// <summary>The maximum size of a chunk.</summary>
    public const int MaxSize = 1_024;

    // A chunk that takes longer than this is followed by a smaller one.
    private static readonly long s_maxTicks = Stopwatch.Frequency / 10_000;

    private long _chunkStart;
    private long _turnStart;

    /// <summary>Gets the size of the next chunk.</summary>
    public int Size { get; private set; } = 1;

    /// <summary>True if the chunk takes so long that it is handed over before it is full.</summary>
    public bool IsLate => Stopwatch.GetTimestamp() - _chunkStart > s_maxTicks;

    /// <summary>Called before the first item of a chunk.</summary>
    public void Begin() => _chunkStart = Stopwatch.GetTimestamp();

    /// <summary>Called after the last item of a chunk that needed no wait.</summary>
    /// <param name="count">The number of its items.</param>
    public void End(int count)
    {
        if (IsLate)
        {
            Size = Math.Max(1, count / 2);
        }
        else
        {
            Grow(count);
        }
    }

    /// <summary>Called when the next item needs a wait: the item after it is not waited for.</summary>
    public void Restart() => Size = 1;

    /// <summary>Called with each chunk of a coroutine, which may hold the loop's thread for a long time.</summary>
    /// <param name="count">The number of its items.</param>
    /// <param name="wasSuspended">True if the coroutine has been suspended since the previous chunk.</param>
    /// <returns>The size of the next chunk; 0 if the loop is to have a turn first.</returns>
    public int Next(int count, bool wasSuspended)
    {
        if (wasSuspended)
        {
            Grow(count);
            Begin();
            _turnStart = _chunkStart;
            return Size;
        }

        End(count);
        Begin();
        if (_chunkStart - _turnStart <= LoopTurns.MaxTicks)
        {
            return Size;
        }

        _turnStart = _chunkStart;
        return 0;
    }

    private void Grow(int count) => Size = Math.Min(Math.Min(2 * count, MaxSize), buffer);
}
