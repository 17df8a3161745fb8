namespace PyAsync.Loops;

/// <summary>
/// Decides in how many turns the loop polls its inbox before it goes idle. After an outcome the next request is often under way, and a poll that finds it
/// saves the system calls of a wake-up, and the time in which a sleeping processor wakes up.
/// </summary>
/// <remarks>
/// Polls that find nothing delay the thread that makes the next request if the two share a processor: always on a machine with one, and on others
/// while other programs use the rest. So the loop polls only while most of its recent polls have found a request, and otherwise probes at intervals.
/// The GIL guards the state.
/// </remarks>
internal sealed class InboxPolling
{
    /// <summary>The number of turns.</summary>
    private const int Turns = 8;

    private static readonly bool s_isUseful = Environment.ProcessorCount > 1;

    private readonly PollingScore _score = new();
    private int _left;

    /// <summary>Notes that a drain which the waker did not call has found a request.</summary>
    public void NoteFound()
    {
        if (_left > 0)
        {
            _score.NoteFound();
        }
    }

    /// <summary>Decides if the loop polls its inbox in the next turn.</summary>
    /// <param name="handled">The number of items that the drain has handled: after one, the count of turns restarts.</param>
    public bool Continue(int handled)
    {
        if (handled > 0)
        {
            _left = s_isUseful && _score.ShouldPoll() ? Turns : 0;
        }
        else if (_left > 0 && --_left == 0)
        {
            _score.NoteMissed();
        }

        return _left > 0;
    }
}
