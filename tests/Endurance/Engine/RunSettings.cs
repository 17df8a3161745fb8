namespace PyAsync.Endurance;

/// <summary>The settings from the command line.</summary>
/// <param name="Duration">The time during which rounds begin.</param>
/// <param name="Seed">The seed of all random choices.</param>
/// <param name="Only">The kinds of work to do; empty for all.</param>
/// <param name="Verbose">True if each round is printed.</param>
internal sealed record RunSettings(TimeSpan Duration, int Seed, string[] Only, bool Verbose)
{
    public bool Takes(string kind) => Only.Length == 0 || Only.Contains(kind, StringComparer.OrdinalIgnoreCase);
}
