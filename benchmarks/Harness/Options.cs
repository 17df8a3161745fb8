namespace PyAsync.Benchmarks;

/// <summary>The options of a run.</summary>
/// <param name="Quick">The bounds only, with few rounds; writes no report.</param>
/// <param name="Parts">The parts to measure; null for all. A run of some parts writes no report.</param>
/// <param name="Loops">The loops' processes to measure them in; null for all. A run of some of them writes no report.</param>
/// <param name="NoBuild">Uses the module that is published, if it is.</param>
internal sealed record Options(bool Quick, string? Parts, string? Loops, bool NoBuild = false)
{
    public const string Usage = "Usage: benchmarks/run.sh [--no-build] [--quick] [--only=PART,…] [--loops=LOOP,…], where a part is one of onebyone, atonce, pending, into, allocations, start, parked, steps, failures, streams, buffers, typed, records, inbox, modules, web, and a loop one of asyncio, asyncio-one-core, uvloop, uvloop-one-core.";

    private const string Only = "--only=";
    private const string OnLoops = "--loops=";

    public bool WritesReport => !Quick && Parts is null && Loops is null;

    public bool Wants(string part) => Has(Parts, part);

    public bool WantsLoop(string loop) => Has(Loops, loop);

    /// <exception cref="ArgumentException">An argument is not known.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options(Quick: false, Parts: null, Loops: null);
        foreach (string argument in arguments)
        {
            options = argument switch
            {
                "--quick" => options with { Quick = true },
                "--no-build" => options with { NoBuild = true },
                _ when argument.StartsWith(Only, StringComparison.Ordinal) => options with { Parts = argument[Only.Length..] },
                _ when argument.StartsWith(OnLoops, StringComparison.Ordinal) => options with { Loops = argument[OnLoops.Length..] },
                _ => throw new ArgumentException($"\"{argument}\" is not known. {Usage}"),
            };
        }

        return options;
    }

    public string[] ToArguments() => [.. Quick ? (string[])["--quick"] : [], .. Parts is null ? (string[])[] : [Only + Parts]];

    private static bool Has(string? list, string name) => list is null || list.Split(',').Contains(name, StringComparer.OrdinalIgnoreCase);
}
