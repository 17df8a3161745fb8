namespace PyAsync.Loops;

/// <summary>The momentary counts of a loop, for metrics.</summary>
/// <param name="Items">The number of requests, completions and callbacks that it has handled.</param>
/// <param name="WakeUps">The number of wake-ups from other threads.</param>
/// <param name="Awaits">The number of Python awaitables that .NET awaits there.</param>
/// <param name="Work">The number of pieces of .NET work that Python awaits there.</param>
internal readonly record struct LoopStatistics(long Items, long WakeUps, int Awaits, int Work);
