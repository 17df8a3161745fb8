namespace PyAsync.Endurance;

/// <summary>The outcome of a piece of work, as its actor expects it.</summary>
internal enum Outcome
{
    Result,
    Failure,
    Cancellation,
}
