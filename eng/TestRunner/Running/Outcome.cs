namespace PyAsync.TestRunner.Running;

/// <summary>The counts of a cell.</summary>
/// <param name="Passed">The number of tests that passed.</param>
/// <param name="Failed">The number of tests that failed; a cell that crashed counts as one more.</param>
/// <param name="Skipped">The number of tests that were skipped.</param>
internal sealed record Outcome(int Passed, int Failed, int Skipped)
{
    /// <summary>Gets the reason of each skipped test.</summary>
    public IReadOnlyList<string> SkipReasons { get; init; } = [];

    /// <summary>Gets the failures, with their reasons.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Creates the outcome of a cell that cannot run here.</summary>
    public static Outcome OfSkipped(string reason) => new(0, 0, 1) { SkipReasons = [reason] };

    /// <summary>Creates the outcome of a cell that failed as a whole.</summary>
    public static Outcome OfFailed(string reason) => new(0, 1, 0) { Failures = [reason] };
}
