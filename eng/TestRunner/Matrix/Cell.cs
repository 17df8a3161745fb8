using System.Globalization;
using PyAsync.TestRunner.Pythons;

namespace PyAsync.TestRunner.Matrix;

/// <summary>One program on one Python: a line of the report.</summary>
internal sealed record Cell(string Name, Row Row, Python? Python, double Repetitions)
{
    /// <summary>Gets the reason why the cell cannot run here, or null.</summary>
    public string? SkipReason => Python is null || Python.Loops.Contains(Row.Loop)
        ? null
        : $"uvloop is not installed in Python {Python.Name}. {Python.InstallUvloop}";

    /// <summary>Gets the variables that set the program's Python, loop and mode.</summary>
    public IEnumerable<(string Name, string Value)> Environment =>
    [
        .. Python?.Environment ?? [],
        .. Row.Loop == EventLoop.Uvloop ? [("PYASYNC_TEST_LOOP", "uvloop")] : Array.Empty<(string, string)>(),
        .. Row.Debug ? [] : ((string, string)[])[("PYASYNC_TEST_DEBUG", "0")],
        .. Repetitions < 1 ? [("PYASYNC_TEST_REPETITIONS", Repetitions.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
        .. Row.Environment,
    ];

    /// <summary>Returns true if the cell is one of those that <c>--only</c> names: a part of the name, in any case.</summary>
    public bool IsCalled(string part) => Name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
