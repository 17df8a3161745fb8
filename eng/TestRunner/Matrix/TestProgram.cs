namespace PyAsync.TestRunner.Matrix;

/// <summary>The program of a row of the matrix.</summary>
internal abstract record TestProgram
{
    /// <summary>Gets a value that indicates whether the program calls the compiler. Such programs build the same projects, so one runs at a time.</summary>
    public bool Builds { get; init; }

    /// <summary>Gets a value that indicates whether the program measures time: it runs last and alone.</summary>
    public bool Measures { get; init; }

    /// <summary>Gets the projects that have to be built before, relative to the repository.</summary>
    public abstract IReadOnlyList<string> Projects { get; }
}

/// <summary>A test project's executable, whose tests are counted one by one.</summary>
/// <param name="Project">The project, a folder of <c>tests</c>.</param>
/// <param name="Options">xunit's options, such as <c>-class</c> and a name for a part of it.</param>
internal sealed record Suite(string Project, params IReadOnlyList<string> Options) : TestProgram
{
    public override IReadOnlyList<string> Projects => [$"tests/{Project}"];
}

/// <summary>
/// A script or a built program that counts as one test. It passes if it ends with 0 and prints the expected text; with 3 it reports that it cannot run
/// here, and its last line has the reason.
/// </summary>
/// <param name="Command">The program, relative to the repository.</param>
/// <param name="Expected">A part of its output.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Script(string Command, string Expected, params IReadOnlyList<string> Arguments) : TestProgram
{
    /// <summary>Gets the project that has to be built before, relative to the repository, or null if the script builds its program.</summary>
    public string? Project { get; init; }

    public override IReadOnlyList<string> Projects => Project is null ? [] : [Project];

    /// <summary>Creates a row's program for a built sample.</summary>
    public static Script OfSample(string sample, string expected, params IReadOnlyList<string> arguments) =>
        new($"artifacts/bin/{sample}/release/{sample}", expected, arguments) { Project = $"samples/{sample}" };
}
