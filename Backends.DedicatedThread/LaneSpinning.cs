using System.Diagnostics;
using System.Threading.Channels;

namespace PyAsync;

/// <summary>
/// Waits a short time for work without putting the lane's thread to sleep. To wake a sleeping thread can take longer than a whole round trip through the event
/// loop; the thread pool's workers spin for the same reason.
/// </summary>
/// <remarks>
/// The thread spins only while most of its recent spins have found work, and otherwise tries again at intervals. On one processor it never spins. The lane's
/// thread alone uses the object.
/// </remarks>
internal sealed class LaneSpinning
{
    // 200 µs: several times a round trip through the loop on threads that are awake, and more than one that has to wake them.
    private static readonly long s_limit = Environment.ProcessorCount > 1 ? Stopwatch.Frequency / 5_000 : 0;

    private readonly PollingScore _score = new();

    /// <summary>Spins until there is work or the time is over.</summary>
    /// <returns>True if there is work.</returns>
    public bool Wait<T>(ChannelReader<T> reader)
    {
        if (s_limit == 0 || !_score.ShouldPoll())
        {
            return false;
        }

        long end = Stopwatch.GetTimestamp() + s_limit;
        SpinWait spin = default;
        do
        {
            if (reader.TryPeek(out _))
            {
                _score.NoteFound();
                return true;
            }

            spin.SpinOnce(sleep1Threshold: -1); // Yields the processor to other threads, and never sleeps.
        }
        while (Stopwatch.GetTimestamp() < end);

        _score.NoteMissed();
        return false;
    }
}
