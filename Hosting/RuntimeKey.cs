namespace PyAsync;

/// <summary>One for each runtime that is registered.</summary>
/// <param name="Key">Its key; null for the one without.</param>
internal sealed record RuntimeKey(string? Key);
