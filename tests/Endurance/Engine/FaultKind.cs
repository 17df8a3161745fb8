namespace PyAsync.Endurance;

/// <summary>The kinds of fault of a piece of work.</summary>
internal enum FaultKind
{
    /// <summary>The piece has ended with another result or exception than expected.</summary>
    Wrong,

    /// <summary>The piece has run or ended twice.</summary>
    Duplicate,

    /// <summary>The piece has not ended in time.</summary>
    Lost,

    /// <summary>A failure was not reported, or something was reported that has not failed.</summary>
    Report,
}
