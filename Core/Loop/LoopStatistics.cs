namespace PyAsync;

/// <summary>What a loop has done and has to do, at a moment: for metrics.</summary>
/// <param name="Items">How many requests, completions and callbacks it has done.</param>
/// <param name="WakeUps">How often it was woken from outside.</param>
/// <param name="Awaits">How many awaitables of Python's .NET awaits there.</param>
/// <param name="Work">How much work of .NET's Python awaits there.</param>
internal readonly record struct LoopStatistics(long Items, long WakeUps, int Awaits, int Work);
