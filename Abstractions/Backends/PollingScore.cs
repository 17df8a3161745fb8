namespace PyAsync;

/// <summary>
/// Decides from recent outcomes if code polls for work instead of going idle: always while most of its recent polls have found work, else at intervals, as
/// probes. One thread at a time.
/// </summary>
internal sealed class PollingScore
{
    /// <summary>The limit of the score, and the lowest score with which the code always polls.</summary>
    private const int MaxScore = 8, Enough = 4;

    /// <summary>The interval of probes with a lower score.</summary>
    private const int RetryInterval = 16;

    private int _score = MaxScore;
    private int _skipped;

    /// <summary>Decides if the code polls now.</summary>
    public bool ShouldPoll() => _score >= Enough || ++_skipped % RetryInterval == 0;

    public void NoteFound() => _score = Math.Min(_score + 1, MaxScore);

    public void NoteMissed() => _score = Math.Max(_score - 1, 0);
}
