using System.Diagnostics;
using PyAsync.TestRunner.Matrix;
using PyAsync.TestRunner.Pythons;
using PyAsync.TestRunner.Running;

namespace PyAsync.TestRunner;

/// <summary>One run of <c>./test.sh</c>: finds the Pythons, builds, runs the cells, and reports.</summary>
/// <param name="selection">The selection of the command line.</param>
internal sealed class TestRun(Selection selection)
{
    private readonly Report _report = new();
    private readonly PythonRoot _root = new(Path.Combine(Paths.Root, "eng/newer-pythons.sh"));

    /// <summary>Prints the Pythons and the cells.</summary>
    /// <returns>The exit code.</returns>
    public int List()
    {
        IReadOnlyList<Python> pythons = PythonFinder.Find(selection.Pythons, _root);
        Print(pythons);
        foreach (Cell cell in Cells(pythons))
        {
            Console.WriteLine($"{cell.Name,-60} {string.Join(' ', cell.Environment.Select(static variable => $"{variable.Name}={variable.Value}"))}");
        }

        return 0;
    }

    /// <summary>Runs the selection.</summary>
    /// <returns>The exit code: 0 if any test ran and none failed.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        IReadOnlyList<Python> pythons = PythonFinder.Find(selection.Pythons, _root);
        Print(pythons);
        Cell[] cells = [.. Cells(pythons)];
        Prepare();
        await using (var compiler = new CompilerServer())
        {
            await Run(new CellRunner(compiler), cells, cancellationToken);
        }

        if (selection.IsEverything && selection.Pythons.Count == 0 && _root.Missing is { } reason)
        {
            _report.Add("The newer Pythons", Outcome.OfSkipped(reason), TimeSpan.Zero);
        }

        _report.Finish();
        return _report.IsSuccess ? 0 : 1;
    }

    private async Task Run(CellRunner runner, Cell[] cells, CancellationToken cancellationToken)
    {
        if (selection.Build && !await Build(runner, cells, cancellationToken))
        {
            return;
        }

        await new Lanes(cells.Where(static cell => !cell.Row.Program.Measures), RunCell).Run(selection.Lanes);

        // Once nothing else runs.
        await new Lanes(cells.Where(static cell => cell.Row.Program.Measures), RunCell).Run(1);

        async Task RunCell(Cell cell)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            Outcome outcome = await runner.Run(cell, cancellationToken);
            _report.Add(cell.Name, outcome, Stopwatch.GetElapsedTime(started));
        }
    }

    private IEnumerable<Cell> Cells(IReadOnlyList<Python> pythons)
    {
        IEnumerable<Row> rows = selection.All ? TestMatrix.Rows.Concat(TestMatrix.Remainder) : TestMatrix.Rows;

        // Of two rows for one combination, as the table and its remainder may have, the one with more repetitions covers the other.
        Cell[] cells = [.. rows.SelectMany(row => row.Cells(pythons, selection.Repetitions)).Where(IsSelected)
            .GroupBy(static cell => cell.Name).Select(static same => same.MaxBy(static cell => cell.Repetitions)!)];

        // Cells that cannot run for the same reason count as one skipped cell.
        return cells.Where(static cell => cell.SkipReason is null).Concat(cells.Where(static cell => cell.SkipReason is not null).DistinctBy(static cell => cell.SkipReason));
    }

    private bool IsSelected(Cell cell) => selection.Only.Count == 0 || selection.Only.Any(cell.IsCalled);

    private async Task<bool> Build(CellRunner runner, Cell[] cells, CancellationToken cancellationToken)
    {
        string[] projects = selection.IsEverything ? ["Runtime.sln"] : [.. cells.SelectMany(static cell => cell.Row.Program.Projects).Distinct()];
        long started = Stopwatch.GetTimestamp();
        Outcome outcome = await runner.Build(projects, cancellationToken);
        _report.Add("Build", outcome, Stopwatch.GetElapsedTime(started));
        return outcome.Failed == 0;
    }

    private static void Prepare()
    {
        foreach (string folder in (string[])[Paths.Logs, Paths.Wheels])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
        }
    }

    private static void Print(IReadOnlyList<Python> pythons)
    {
        foreach (Python python in pythons)
        {
            Console.WriteLine($"Python {python.Name,-8} {python.Executable} ({string.Join(", ", python.Loops)}; {python.Roles})");
        }

        if (pythons.Count == 0)
        {
            Console.WriteLine("No Python of a supported version, with its shared library, was found.");
        }
    }
}
