namespace PyAsync.TestRunner;

/// <summary>The selection of the command line.</summary>
/// <param name="Only">Parts of the names of the cells to run; empty for all.</param>
/// <param name="Pythons">Versions or paths of the Pythons to use; empty for all that are found.</param>
/// <param name="All">True for the whole product instead of its pairs.</param>
/// <param name="Repetitions">The share of repetitions in every cell, or null for the table's.</param>
/// <param name="Lanes">The number of cells that run at a time.</param>
/// <param name="Build">True if the projects are built first.</param>
internal sealed record Selection(
    IReadOnlyList<string> Only, IReadOnlyList<string> Pythons, bool All, double? Repetitions, int Lanes, bool Build)
{
    /// <summary>Gets a value that indicates whether the whole table is selected.</summary>
    public bool IsEverything => Only.Count == 0;
}
