namespace PyAsync.Endurance;

/// <summary>Every kind of work there is.</summary>
internal static class Actors
{
    public static IReadOnlyList<Actor> All { get; } =
    [
        new AwaitsOfPython(),
        new AwaitsOfDotNet(),
        new CancelsByDotNet(),
        new CancelsByPython(),
        new CancelsByBoth(),
        new Failures(),
        new StreamsOfPython(),
        new StreamsOfDotNet(),
        new Scopes(),
        new ForeignLoops(),
        new Runtimes(),
        new ProcessExits(),
        new Signals(),
        new Forks(),
    ];
}
