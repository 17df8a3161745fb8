namespace PyAsync;

/// <summary>A registered runtime.</summary>
/// <param name="Key">Its key; null for the one without.</param>
internal sealed record RuntimeKey(string? Key);
