using PyAsync.TestRunner.Matrix;
using PyAsync.TestRunner.Pythons;
using Shouldly;
using Xunit;
using CPythonBuild = PyAsync.TestRunner.Pythons.Python;
using Loop = PyAsync.TestRunner.Pythons.EventLoop;

namespace PyAsync.Tests;

/// <summary>The README's table of Pythons is that of the test runner: per Python and event loop, the programs that <c>./test.sh</c> runs.</summary>
public sealed class PythonTableTests
{
    private const string TableStart = "<!-- pythons: written by PythonTableTests -->\n";
    private const string TableEnd = "<!-- end of the pythons -->\n";
    private const string AllOnly = "`--all`";

    /// <summary>The columns: the row's name in the matrix, and the text of the cell.</summary>
    private static readonly (string Column, (string Row, string Text)[] Rows)[] s_columns =
    [
        ("backends", [("Backends", "all"), ("Backends, ThreadPool", "ThreadPool")]),
        ("applications", [("Hosting", "all"), ("Hosting, signals", "signals")]),
        ("objects", [("Interop", "all")]),
        ("modules", [("Modules", "both forms"), ("Modules, native form", "native"), ("Modules, hosted form", "hosted")]),
        ("web", [("AspNetCore", "all")]),
        ("pythonnet", [("Interop.PythonNet", "all")]),
        ("faults", [("Faults", "all")]),
        ("fuzzing", [("Fuzzing", "all")]),
        ("endurance", [("Endurance, a minute", "a minute")]),
    ];

    /// <summary>The Pythons of a new machine with Debian 12 and the root with newer ones, and 3.12, which has to be installed separately.</summary>
    private static readonly IReadOnlyList<CPythonBuild> s_pythons = PythonFinder.WithRoles(
    [
        New(11, isDebugBuild: false, Loop.Asyncio, Loop.Uvloop),
        New(12, isDebugBuild: false, Loop.Asyncio),
        New(13, isDebugBuild: false, Loop.Asyncio),
        New(14, isDebugBuild: false, Loop.Asyncio, Loop.Uvloop),
        New(14, isDebugBuild: true, Loop.Asyncio),
        New(15, isDebugBuild: false, Loop.Asyncio),
    ]);

    [Fact]
    public void TheReadme_HasTheTableOfTheTestRunner()
    {
        string path = Path.Combine(Repository.Root, "README.md");
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        text.ShouldContain(TableStart);
        int start = text.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length;
        int end = text.IndexOf(TableEnd, start, StringComparison.Ordinal);
        end.ShouldNotBe(-1, "The table in README.md has no end.");
        string actual = Table();
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_PYTHONS") == "1")
        {
            File.WriteAllText(path, text[..start] + actual + text[end..]);
        }
        else
        {
            text[start..end].ShouldBe(actual, "Set PYASYNC_UPDATE_PYTHONS=1 and run this test to write the table.");
        }
    }

    [Fact]
    public void EachPython_RunsABackendAndTheModules() => s_pythons.Where(static python => !python.IsDebugBuild)
        .ShouldAllBe(python => Cell(0, python, Loop.Asyncio) != AllOnly && Cell(3, python, Loop.Asyncio) != AllOnly);

    /// <summary>Races are found by repetition: a run without <c>--all</c> repeats them in full, for each backend.</summary>
    [Fact]
    public void TheSuiteOfTheBackends_RepeatsInFullOnce() => TestMatrix.Rows.Count(static row => row is { Name: "Backends", Repetitions: 1 }).ShouldBe(1);

    /// <summary>A cell's log and report are named after it.</summary>
    [Fact]
    public void Cells_OfARun_HaveDistinctNames() =>
        TestMatrix.Rows.SelectMany(static row => row.Cells(s_pythons, repetitions: null)).Select(static cell => cell.Name).ShouldBeUnique();

    private static string Table()
    {
        string header = $"| Python | event loop | {string.Join(" | ", s_columns.Select(static column => column.Column))} |\n";
        string rule = $"|{string.Concat(Enumerable.Repeat("---|", s_columns.Length + 2))}\n";
        IEnumerable<string> rows =
            from python in s_pythons
            from loop in python.Loops
            let cells = Enumerable.Range(0, s_columns.Length).Select(column => Cell(column, python, loop))
            select $"| {python.Minor}{(python.IsDebugBuild ? ", debug build" : "")} | {(loop == Loop.Uvloop ? "uvloop" : "asyncio")} | {string.Join(" | ", cells)} |\n";
        return header + rule + string.Concat(rows);
    }

    private static string Cell(int column, CPythonBuild python, Loop loop)
    {
        string[] texts = Texts(TestMatrix.Rows), others = Texts(TestMatrix.Remainder);
        return texts.Length > 0 ? string.Join(", ", texts) : others.Length > 0 ? AllOnly : "";

        // The first text covers the others.
        string[] Texts(IReadOnlyList<Row> rows)
        {
            string[] found = [.. s_columns[column].Rows.Where(entry => rows.Any(row => row.Name == entry.Row && row.Loop == loop && (row.On & python.Roles) != 0)).Select(static entry => entry.Text)];
            return found.Contains(s_columns[column].Rows[0].Text) ? found[..1] : found;
        }
    }

    private static CPythonBuild New(int minor, bool isDebugBuild, params Loop[] loops) => new($"/usr/bin/python3.{minor}", new Version(3, minor, 0), loops, isDebugBuild);
}
