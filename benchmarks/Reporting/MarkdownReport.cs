using System.Globalization;
using System.Text;

namespace PyAsync.Benchmarks;

/// <summary>Writes RESULTS.md: machine, command, bounds, charts, tables. Each process has a column, and the newest Python has the first ones.</summary>
internal sealed class MarkdownReport
{
    private readonly List<ProcessResults> _loops;
    private readonly List<ProcessResults> _modules;
    private readonly List<ProcessResults> _web;
    private readonly string[] _pythons;
    private readonly Machine _machine;
    private readonly StringBuilder _text = new();

    public MarkdownReport(IEnumerable<ProcessResults> results, Machine machine)
    {
        _machine = machine;
        ProcessResults[] newestFirst = [.. results.OrderByDescending(static process => Version.Parse(process.PythonMinor))];
        _loops = [.. newestFirst.Where(static process => process is { IsOfModules: false, IsOfWeb: false })];
        _modules = [.. newestFirst.Where(static process => process.IsOfModules)];
        _web = [.. newestFirst.Where(static process => process.IsOfWeb)];
        _pythons = [.. newestFirst.Select(static process => process.PythonMinor).Distinct()];
    }

    /// <summary>Gets the processes that have charts.</summary>
    public IEnumerable<ProcessResults> Charted => _loops.Where(static process => !process.Pinned && process.Points.Count > 0);

    /// <summary>Returns true if a process ran on the newest of the measured Pythons.</summary>
    public bool IsOfNewest(ProcessResults process) => process.PythonMinor == _pythons[0];

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

        Web();
        return _text.ToString().ReplaceLineEndings("\n");
    }

    private void Web()
    {
        if (_web.Count == 0)
        {
            return;
        }

        Line();
        Line("## ASGI applications");
        Line();
        Line("The same application under Kestrel (`app.MapAsgi(\"/\", …)`, uvloop, the whole pipeline of ASP.NET Core) and under uvicorn, in turns: wrk on the loopback with one thread and 50");
        Line("connections, after 6 s of warm-up, on all cores. Requests per second and latency are compared only if no other program used the machine.");
        foreach (ProcessResults process in _web)
        {
            Line($"- Python {process.Python}, {process.LoopVersion}.");
        }

        Line();
        Line($"![ASGI applications: requests per second](charts/{WebChart.FileName})");
        Bounds(_web);
        Tables(_web);
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
        Line("`benchmarks/run.sh` measures all of this and writes this file, in about a quarter of an hour for each Python; `benchmarks/run.sh --quick` checks only the bounds.");
        Line("Each column was measured in a separate process, pinned to one core (`taskset`) or not. The rows of one table were measured in turns, so");
        Line("that the ratios hold on different and noisy machines: median [minimum–maximum] of the rounds.");
        Line();
        IEnumerable<string> pythons = _loops.GroupBy(static process => process.Python).Select(static python =>
            $"Python {python.Key}{string.Concat(python.Select(static p => p.LoopVersion).Where(static v => v.Length > 0).Distinct().Select(static v => ", " + v))}");
        Line($"{_machine.Describe()}; {string.Join("; ", pythons)}.");
    }

    private string Titles(IEnumerable<ProcessResults> processes) =>
        string.Join(" | ", processes.Select(process => _pythons.Length == 1 ? process.Title : $"{process.PythonMinor}: {process.Title}"));

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
        Line($"| | | at most | {Titles(processes)} |");
        Line($"|---|---|---|{string.Concat(Enumerable.Repeat("---|", processes.Count))}");
        foreach (IGrouping<(string Bound, string Subject), BoundResult> row in rows)
        {
            string limits = string.Join(" or ", row.Select(static bound => bound.Limit).Distinct().Select(Number));
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
            foreach (ProcessResults process in Charted)
            {
                Line();
                Line($"![{Charts.Titles[chart]}, {process.Loop}, Python {process.PythonMinor}](charts/{SvgCharts.FileName(chart, process, IsOfNewest(process))})");
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
        Line($"| {table.Unit} | {Titles(processes)} |");
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
