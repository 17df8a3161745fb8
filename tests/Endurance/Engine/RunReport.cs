using System.Text;

namespace PyAsync.Endurance;

/// <summary>Prints the results of a run: two tables, the failures, and the counts in the form of the test executables.</summary>
internal sealed class RunReport(Ledger ledger, IReadOnlyList<Sample> samples, IReadOnlyList<Measure> measures, IReadOnlyList<Actor> actors, string[] loops)
{
    private const int Rows = 12;

    private int _total;
    private int _failed;
    private int _skipped;

    /// <summary>The Python objects by type, after a third of the run.</summary>
    public Dictionary<string, int>? TypesBefore { get; set; }

    /// <summary>The Python objects by type, at the end.</summary>
    public Dictionary<string, int>? TypesAfter { get; set; }

    /// <summary>Gives the exit code: 0 if nothing failed.</summary>
    public int Print(TimeSpan time)
    {
        PrintWork();
        PrintSamples();
        CheckWork();
        CheckTrends();
        CheckLoops();
        Console.WriteLine($"   Total: {_total}, Errors: 0, Failed: {_failed}, Skipped: {_skipped}, Not Run: 0, Time: {time.TotalSeconds:0.000}s");
        return _failed == 0 ? 0 : 1;
    }

    private void PrintWork()
    {
        var table = new TextTable("work", "pieces", "results", "failures", "cancelled", "wrong", "twice", "lost", "unreported");
        foreach ((string kind, Tally tally) in ledger.Tallies)
        {
            table.Add(
                kind,
                tally.Begun.ToString("N0"),
                tally.Of(Outcome.Result).ToString("N0"),
                tally.Of(Outcome.Failure).ToString("N0"),
                tally.Of(Outcome.Cancellation).ToString("N0"),
                tally.Of(FaultKind.Wrong).ToString("N0"),
                tally.Of(FaultKind.Duplicate).ToString("N0"),
                tally.Of(FaultKind.Lost).ToString("N0"),
                tally.Of(FaultKind.Report).ToString("N0"));
        }

        table.Print();
    }

    private void PrintSamples()
    {
        var table = new TextTable(["time", "rounds", "pieces", .. measures.Select(static measure => measure.Name)]);
        int step = Math.Max(1, (samples.Count + Rows - 1) / Rows);
        foreach (Sample sample in samples.Where((_, i) => i % step == 0 || i == samples.Count - 1))
        {
            table.Add([
                sample.Time.ToString("hh\\:mm\\:ss"),
                sample.Round.ToString("N0"),
                sample.Pieces.ToString("N0"),
                .. measures.Select((measure, i) => Format(measure, sample.Values[i])),
            ]);
        }

        table.Print();
    }

    private void CheckWork()
    {
        foreach ((string kind, Tally tally) in ledger.Tallies)
        {
            string[] faults = [.. ledger.Faults.Where(fault => fault.Kind == kind).Select(static fault => fault.Text)];
            Check(kind, tally.Faults == 0, string.Join("\n", faults));
        }

        foreach (Actor actor in actors.Where(static actor => actor.SkipReason is not null))
        {
            Skip(actor.Kind, actor.SkipReason!);
        }
    }

    private void CheckTrends()
    {
        for (int i = 0; i < measures.Count; i++)
        {
            Measure measure = measures[i];
            if (Trend.Of(measure, i, samples, Combination.Each(loops).Count()) is { } trend)
            {
                Check(measure.Name, !trend.Grows, $"grew from {Format(measure, trend.Early)} to {Format(measure, trend.Late)}; {Format(measure, trend.Allowed)} more are allowed{DescribeTypes()}");
            }
            else
            {
                Skip(measure.Name, samples.Any(sample => sample.Values[i] is not null) ? $"{samples.Count} rounds are too few to see a growth"
                    : measure.Name == "references" ? "only debug builds of Python count references"
                    : "this system does not tell it");
            }
        }
    }

    private string DescribeTypes()
    {
        if (TypesBefore is null || TypesAfter is null)
        {
            return "";
        }

        IEnumerable<string> grown = TypesAfter
            .Select(type => (type.Key, Growth: type.Value - TypesBefore.GetValueOrDefault(type.Key)))
            .Where(static type => type.Growth > 0)
            .OrderByDescending(static type => type.Growth)
            .Take(12)
            .Select(static type => $"{type.Key} {type.Growth:+0}");
        return "\nPython objects since a third of the run: " + string.Join(", ", grown);
    }

    private void CheckLoops()
    {
        if (loops.Length == 1)
        {
            Skip("uvloop", "uvloop is not installed there, or this is a debug build, whose reference total it does not keep");
        }
    }

    private void Check(string name, bool passed, string why)
    {
        _total++;
        if (!passed)
        {
            _failed++;
            Console.WriteLine($"    Endurance.{name} [FAIL]\n{Indent(why)}");
        }
    }

    private void Skip(string name, string why)
    {
        _total++;
        _skipped++;
        Console.WriteLine($"    Endurance.{name} [SKIP]\n{Indent(why)}");
    }

    private static string Indent(string text)
    {
        var indented = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            indented.Append("      ").AppendLine(line);
        }

        return indented.ToString().TrimEnd('\n');
    }

    private static string Format(Measure measure, double? value) =>
        value is { } number ? (number / measure.Unit.Divisor).ToString(measure.Unit.Divisor == 1 ? "N0" : "N1") + measure.Unit.Symbol : "-";
}
