using System.Diagnostics;

namespace PyAsync.TestRunner.Running;

/// <summary>Prints a line for each cell, and at the end the failures and the sum. From any thread.</summary>
internal sealed class Report
{
    private const int LengthOfName = 160;

    private readonly Lock _lock = new();
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly List<(string Name, Outcome Outcome)> _cells = [];

    /// <summary>Gets a value that indicates whether any test ran and none failed.</summary>
    public bool IsSuccess => Sum(static outcome => outcome.Failed) == 0 && Sum(static outcome => outcome.Passed) > 0;

    /// <summary>Prints the counts of a cell with its time, the reasons of skipped tests, and the failures.</summary>
    public void Add(string name, Outcome outcome, TimeSpan time)
    {
        lock (_lock)
        {
            _cells.Add((name, outcome));
            Console.WriteLine($"{name,-60} {outcome.Passed,5} passed, {outcome.Failed} failed, {outcome.Skipped} skipped ({time.TotalSeconds:F0} s)");
            foreach (IGrouping<string, string> reason in outcome.SkipReasons.GroupBy(static reason => reason))
            {
                Console.WriteLine($"      skipped: {(reason.Count() == 1 ? "" : $"{reason.Count()} times: ")}{reason.Key}");
            }

            foreach (string failure in outcome.Failures)
            {
                Console.WriteLine(Text.Indent(failure));
            }
        }
    }

    /// <summary>Prints the failures once more, then a line for each with its name, and the sum in the last line.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_cells.Exists(static cell => cell.Outcome.Failures.Count > 0))
            {
                Console.WriteLine("\nWhat failed:");
            }

            foreach ((string name, Outcome outcome) in _cells.Where(static cell => cell.Outcome.Failures.Count > 0))
            {
                Console.WriteLine($"--- {name}");
                Console.WriteLine(string.Join('\n', outcome.Failures));
            }

            // The end of a log may be all that is kept of it.
            Console.WriteLine();
            foreach ((string name, Outcome outcome) in _cells)
            {
                foreach (string failure in outcome.Failures)
                {
                    Console.WriteLine($"failed: {name}: {Text.Shortened(Text.FirstLines(failure, 1).Replace("PyAsync.Tests.", "", StringComparison.Ordinal), LengthOfName)}");
                }
            }

            Console.WriteLine($"{_cells.Count} runs in {_total.Elapsed:h\\:mm\\:ss}");
            Console.WriteLine($"{Sum(static outcome => outcome.Passed)} passed, {Sum(static outcome => outcome.Failed)} failed, {Sum(static outcome => outcome.Skipped)} skipped");
        }
    }

    private int Sum(Func<Outcome, int> count) => _cells.Sum(cell => count(cell.Outcome));
}
