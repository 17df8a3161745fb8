namespace PyAsync.Endurance;

/// <summary>The quantities after a round.</summary>
internal sealed record Sample(TimeSpan Time, int Round, long Pieces, long?[] Values);
