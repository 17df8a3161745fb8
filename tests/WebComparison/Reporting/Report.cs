using System.Text;

namespace PyAsync.Tests;

/// <summary>Writes the report of the comparison from the recorded answers.</summary>
internal static class Report
{
    private const int LongestCell = 220;

    /// <summary>Gets the file of the report.</summary>
    public static string Path => System.IO.Path.Combine(Repository.Root, "docs/asgi-compared-with-uvicorn.md");

    public static void Write() => File.WriteAllText(Path, Render());

    public static string Render()
    {
        RecordedAnswers[] recorded = [.. RecordedAnswers.ReadAll()];
        var text = new StringBuilder();
        Head(text, recorded);
        foreach (IGrouping<string, Question> group in Questions.All.GroupBy(static question => question.Group))
        {
            Group(text, group.Key, [.. group], recorded);
        }

        text.Append(ReportText.UvicornLacks).Append(ReportText.ByHand);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Head(StringBuilder text, RecordedAnswers[] recorded)
    {
        text.Append(ReportText.Introduction);
        text.AppendLine();
        text.AppendLine("| | " + string.Join(" | ", recorded.Select(static run => $"uvicorn {run.Packages.Uvicorn}")) + " |");
        text.AppendLine("|---|" + string.Concat(recorded.Select(static _ => "---|")));
        text.AppendLine("| Python | " + string.Join(" | ", recorded.Select(static run => run.Packages.Python)) + " |");
        foreach (string package in recorded.SelectMany(static run => run.Packages.Versions.Keys).Distinct().Where(static package => package != "uvicorn"))
        {
            text.AppendLine($"| {package} | " + string.Join(" | ", recorded.Select(run => run.Packages.Versions.GetValueOrDefault(package, ""))) + " |");
        }

        text.AppendLine("| questions | " + string.Join(" | ", recorded.Select(static run => run.All.Count)) + " |");
        text.AppendLine("| equal answers | " + string.Join(" | ", recorded.Select(static run => run.All.Values.Count(static answers => answers.AreEqual))) + " |");
    }

    private static void Group(StringBuilder text, string group, List<Question> questions, RecordedAnswers[] recorded)
    {
        text.AppendLine().AppendLine($"## {group}").AppendLine();
        string[] equal = [.. questions.Where(question => Of(question, recorded).All(static answers => answers.AreEqual)).Select(static question => question.Name)];
        if (equal.Length > 0)
        {
            text.AppendLine($"Equal answers: {string.Join("; ", equal.Select(Cell))}.");
        }

        Question[] different = [.. questions.Where(question => Of(question, recorded).Any(static answers => !answers.AreEqual))];
        if (different.Length == 0)
        {
            return;
        }

        text.AppendLine().AppendLine($"| different | PyAsync.AspNetCore | {string.Join(" | ", recorded.Select(static run => $"uvicorn {run.Packages.Uvicorn}"))} | why |");
        text.AppendLine($"|---|---|{string.Concat(recorded.Select(static _ => "---|"))}---|");
        foreach (Question question in different)
        {
            Answers?[] runs = [.. recorded.Select(run => run.All.GetValueOrDefault(question.ToString()))];
            string own = string.Join("; or ", runs.Select(static answers => answers?.Kestrel).Where(static answer => answer is not null).Distinct().Select(static answer => Cell(answer!)));
            string others = string.Join(" | ", runs.Select(static answers => answers is null ? "" : answers.AreEqual ? "the same" : Cell(answers.Uvicorn)));
            text.AppendLine($"| {Cell(question.Name)} | {own} | {others} | {Differences.Reasons(question.ToString())} |");
        }
    }

    private static IEnumerable<Answers> Of(Question question, RecordedAnswers[] recorded) =>
        recorded.Select(run => run.All.GetValueOrDefault(question.ToString())).OfType<Answers>();

    private static string Cell(string text)
    {
        text = string.Concat(text.Select(static c => c switch
        {
            '|' => "\\|",
            '<' => "&lt;",
            '*' => "\\*",
            '_' => "\\_",
            '`' => "\\`",
            _ when char.IsControl(c) => $"\\u{(int)c:x4}",
            _ => c.ToString(),
        }));
        return text.Length <= LongestCell ? text : text[..LongestCell] + "…";
    }
}
