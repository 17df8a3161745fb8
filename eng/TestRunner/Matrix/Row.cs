using PyAsync.TestRunner.Pythons;

namespace PyAsync.TestRunner.Matrix;

/// <summary>A row of the matrix: a program, and the combinations that it runs on. Each Python with one of the roles gives one cell.</summary>
/// <param name="Name">The program, as the report and <c>--only</c> name it.</param>
/// <param name="Program">The test program or the sample.</param>
internal sealed record Row(string Name, TestProgram Program)
{
    /// <summary>Gets the Pythons that the row runs on; none for a program that runs without Python.</summary>
    public PythonRoles On { get; init; } = PythonRoles.None;

    /// <summary>Gets the event loop. A Python without it gives a skipped cell.</summary>
    public EventLoop Loop { get; init; } = EventLoop.Asyncio;

    /// <summary>Gets asyncio's debug mode: true is the suite's default, false turns it off.</summary>
    public bool Debug { get; init; } = true;

    /// <summary>Gets the share of the repetitions in tests that repeat code whose fault is rare.</summary>
    public double Repetitions { get; init; } = 1;

    /// <summary>Gets further environment variables.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>Returns the cells of this row.</summary>
    /// <param name="pythons">The Pythons that were found.</param>
    /// <param name="repetitions">A share that replaces the row's own, or null.</param>
    public IEnumerable<Cell> Cells(IReadOnlyList<Python> pythons, double? repetitions) => On == PythonRoles.None
        ? [new Cell(Name, this, null, repetitions ?? Repetitions)]
        : pythons.Where(python => (python.Roles & On) != 0).Select(python => new Cell(NameOn(python, pythons), this, python, repetitions ?? Repetitions));

    private string NameOn(Python python, IReadOnlyList<Python> pythons)
    {
        string where = pythons.Count(other => other.Name == python.Name) == 1 ? python.Name : $"{python.Name} ({python.Executable})";
        return Name + (Loop == EventLoop.Uvloop ? " over uvloop" : "") + (Debug ? "" : " without debug mode")
            + string.Concat(Environment.Select(variable => $" with {variable.Name}={variable.Value}")) + $" on {where}";
    }
}
