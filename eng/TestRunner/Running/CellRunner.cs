using PyAsync.TestRunner.Matrix;

namespace PyAsync.TestRunner.Running;

/// <summary>Runs a cell and reads its counts.</summary>
/// <param name="compiler">The compiler server that the cells' builds share.</param>
internal sealed class CellRunner(CompilerServer compiler)
{
    // Tests have their own time-outs: this one is for a process that hangs as a whole, also on a busy machine.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(25);

    // By this exit code a script reports that it cannot run here.
    private const int CannotRun = 3;

    private const int LinesOfLog = 40;

    public async Task<Outcome> Run(Cell cell, CancellationToken cancellationToken)
    {
        if (cell.SkipReason is { } reason)
        {
            return Outcome.OfSkipped(reason);
        }

        string log = LogOf(cell.Name, ".log"), report = LogOf(cell.Name, ".xml");
        string[] command = cell.Row.Program switch
        {
            Suite suite => [Paths.Executable(suite.Project), "-noColor", "-noLogo", .. suite.Options, "-xml", report],
            Script script => [Path.Combine(Paths.Root, script.Command), .. script.Arguments],
            _ => throw new InvalidOperationException($"{cell.Row.Program} is no program that the runner knows."),
        };
        IEnumerable<(string, string)> builds = cell.Row.Program.Builds ? CompilerServer.VariablesOfBuilds : [];
        int? exitCode = await ChildProcess.Run(
            [.. cell.Python?.Prefix ?? [], .. command], [.. compiler.Variables, .. builds, ("PYASYNC_TEST_WHEELS", Paths.Wheels), .. cell.Environment], log, s_timeout, cancellationToken);
        string output = await File.ReadAllTextAsync(log, cancellationToken);
        return cell.Row.Program is Script expected ? Judge(expected, exitCode, output) : SuiteReport.Read(report, exitCode, output);
    }

    /// <summary>Builds the programs of the cells.</summary>
    /// <param name="projects">Projects or solutions, relative to the repository.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    public async Task<Outcome> Build(IEnumerable<string> projects, CancellationToken cancellationToken)
    {
        foreach (string project in projects)
        {
            string log = LogOf($"Build of {project}", ".log");
            int? exitCode = await ChildProcess.Run(
                ["dotnet", "build", project, "-c", "Release", "-v", "quiet", "--nologo"], [.. compiler.Variables, .. CompilerServer.VariablesOfBuilds], log, s_timeout, cancellationToken);
            if (exitCode != 0)
            {
                return Outcome.OfFailed($"{project} was not built:\n{Text.LastLines(await File.ReadAllTextAsync(log, cancellationToken), LinesOfLog)}");
            }
        }

        return new Outcome(0, 0, 0);
    }

    private static Outcome Judge(Script script, int? exitCode, string output)
    {
        if (exitCode == CannotRun)
        {
            return Outcome.OfSkipped(Text.LastLines(output, 1));
        }

        return exitCode == 0 && output.Contains(script.Expected, StringComparison.Ordinal)
            ? new Outcome(1, 0, 0)
            : Outcome.OfFailed($"{script.Command} ended with exit code {exitCode}; it had to end with 0 and print \"{script.Expected}\". The end of its log:\n{Text.LastLines(output, LinesOfLog)}");
    }

    private static string LogOf(string name, string extension) =>
        Path.Combine(Paths.Logs, string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')) + extension);
}
