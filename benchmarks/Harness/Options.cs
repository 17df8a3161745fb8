namespace PyAsync.Benchmarks;

/// <summary>The options of a run.</summary>
/// <param name="Quick">The bounds only, with few rounds; writes no report.</param>
/// <param name="Parts">The parts to measure; null for all. A run of some parts writes no report.</param>
internal sealed record Options(bool Quick, string? Parts)
{
    public const string Usage = "Usage: benchmarks/run.sh [--quick] [--only=PART,…], where a part is one of onebyone, atonce, pending, into, allocations, start, parked, steps, failures, streams, buffers, typed, records, inbox, modules, web.";

    private const string Only = "--only=";

    public bool WritesReport => !Quick && Parts is null;

    public bool Wants(string part) => Parts is null || Parts.Split(',').Contains(part, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An argument is not known.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options(Quick: false, Parts: null);
        foreach (string argument in arguments)
        {
            options = argument switch
            {
                "--quick" => options with { Quick = true },
                _ when argument.StartsWith(Only, StringComparison.Ordinal) => options with { Parts = argument[Only.Length..] },
                _ => throw new ArgumentException($"\"{argument}\" is not known. {Usage}"),
            };
        }

        return options;
    }

    public string[] ToArguments() => [.. Quick ? (string[])["--quick"] : [], .. Parts is null ? (string[])[] : [Only + Parts]];
}
