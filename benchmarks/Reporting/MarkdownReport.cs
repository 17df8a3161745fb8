using System.Globalization;
using System.Text;

namespace PyAsync.Benchmarks;

/// <summary>Writes RESULTS.md: machine, command, bounds, charts, tables. Each process has a column.</summary>
internal sealed class MarkdownReport(IReadOnlyList<ProcessResults> results, Machine machine)
{
    private readonly List<ProcessResults> _loops = [.. results.Where(static process => !process.IsOfModules)];
    private readonly List<ProcessResults> _modules = [.. results.Where(static process => process.IsOfModules)];
    private readonly StringBuilder _text = new();

    public string Write()
    {
        Head();
        Line();
        Line("## Bounds");
        Bounds(_loops);
        ChartImages();
        Line();
        Line("## Figures");
        Tables(_loops);
        if (_modules.Count > 0)
        {
            Line();
            Line("## Python modules written in C#");
            Bounds(_modules);
            Tables(_modules);
        }

        return _text.ToString().ReplaceLineEndings("\n");
    }

    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    private void Head()
    {
        Line("# Benchmark results");
        Line();
        Line("`benchmarks/run.sh` measures all of this and writes this file, in about ten minutes; `benchmarks/run.sh --quick` checks only the bounds, in less than two.");
        Line("Each column was measured in a separate process, pinned to one core (`taskset`) or not. The rows of one table were measured in turns, so");
        Line("that the ratios hold on different and noisy machines: median [minimum–maximum] of the rounds.");
        Line();
        Line($"{machine.Describe()}; Python {_loops[0].Python}{string.Concat(_loops.Select(static p => p.LoopVersion).Where(static v => v.Length > 0).Distinct().Select(static v => ", " + v))}.");
    }

    private void Bounds(List<ProcessResults> processes)
    {
        var rows = processes.SelectMany(static process => process.Bounds)
            .GroupBy(static bound => (bound.Bound, bound.Subject))
            .OrderBy(bound => processes.SelectMany(static p => p.Bounds).Select(static b => b.Bound).Distinct().ToList().IndexOf(bound.Key.Bound))
            .ToList();
        int missed = rows.Sum(static row => row.Count(static bound => !bound.Holds));
        Line();
        Line(missed == 0 ? $"All {rows.Sum(static row => row.Count())} hold." : $"{missed} of {rows.Sum(static row => row.Count())} are missed.");
        Line();
        Line($"| | | at most | {string.Join(" | ", processes.Select(static process => process.Title))} |");
        Line($"|---|---|---|{string.Concat(Enumerable.Repeat("---|", processes.Count))}");
        foreach (IGrouping<(string Bound, string Subject), BoundResult> row in rows)
        {
            string limits = Number(row.First().Limit);
            IEnumerable<string> cells = processes.Select(process =>
                process.Bounds.SingleOrDefault(bound => (bound.Bound, bound.Subject) == row.Key) is { } bound
                    ? Number(bound.Value) + (bound.Holds ? "" : " **missed**")
                    : "");
            Line($"| {row.Key.Bound} | {row.Key.Subject} | {limits} | {string.Join(" | ", cells)} |");
        }
    }

    private void ChartImages()
    {
        Line();
        Line("## Cost per item by concurrency");
        foreach (string chart in Charts.Titles.Keys)
        {
            foreach (string loop in _loops.Where(static p => !p.Pinned).Select(static p => p.Loop))
            {
                Line();
                Line($"![{Charts.Titles[chart]}, {loop}](charts/{SvgCharts.FileName(chart, loop)})");
            }
        }
    }

    private void Tables(List<ProcessResults> processes)
    {
        foreach (ResultTable table in processes.SelectMany(static process => process.Tables).DistinctBy(static table => table.Title))
        {
            Table(table, processes);
        }
    }

    private void Table(ResultTable table, List<ProcessResults> processes)
    {
        Line();
        Line($"### {table.Title}");
        Line();
        Line($"| {table.Unit} | {string.Join(" | ", processes.Select(static process => process.Title))} |");
        Line($"|---|{string.Concat(Enumerable.Repeat("---|", processes.Count))}");
        List<ResultTable?> columns = [.. processes.Select(process => process.Tables.FirstOrDefault(t => t.Title == table.Title))];
        foreach (string name in columns.SelectMany(static column => column?.Rows ?? []).Select(static row => row.Name).Distinct())
        {
            Line($"| {name} | {string.Join(" | ", columns.Select(column => Cell(column?.Rows.FirstOrDefault(row => row.Name == name)?.Figure)))} |");
        }
    }

    private static string Cell(Figure? figure) => figure switch
    {
        null => "",
        { Min: var min, Max: var max } when min == max => Number(min),
        _ => $"{Number(figure.Median)} [{Number(figure.Min)}–{Number(figure.Max)}]",
    };

    private void Line(string text = "") => _text.AppendLine(text);
}
