using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PyAsync.TestRunner.Running;

/// <summary>Reads the counts of a test program from the XML that xunit writes at its end.</summary>
internal static class SuiteReport
{
    private const int LinesOfStack = 12;
    private const int LinesOfLog = 40;

    /// <summary>Returns the outcome of a run.</summary>
    /// <param name="report">The XML file, which is missing if the process crashed.</param>
    /// <param name="exitCode">The exit code of the process, or null if it was killed after its time-out.</param>
    /// <param name="log">The output of the process.</param>
    public static Outcome Read(string report, int? exitCode, string log)
    {
        string ended = exitCode is null ? "was killed: it ran for longer than its time-out" : $"ended with exit code {exitCode}";
        XElement[] assemblies;
        try
        {
            assemblies = [.. XDocument.Load(report).Descendants("assembly")];
        }
        catch (Exception e) when (e is IOException or XmlException)
        {
            return Outcome.OfFailed($"The program {ended} and left no counts. The end of its log:\n{Text.LastLines(log, LinesOfLog)}");
        }

        int passed = Sum(assemblies, "passed"), failed = Sum(assemblies, "failed"), skipped = Sum(assemblies, "skipped"), errors = Sum(assemblies, "errors");
        List<string> failures =
        [
            .. assemblies.Descendants("test").Where(test => test.Attribute("result")?.Value == "Fail").Select(Describe),
            .. assemblies.Descendants("error").Select(Describe),
        ];
        if (failed + errors == 0 && exitCode != 0)
        {
            // All tests passed and the process did not: it crashed at its end.
            failed = 1;
            failures.Add($"The program {ended} after its tests. The end of its log:\n{Text.LastLines(log, LinesOfLog)}");
        }

        if (passed + failed + errors + skipped == 0)
        {
            return Outcome.OfFailed("The program ran no test.");
        }

        return new Outcome(passed, failed + errors, skipped)
        {
            SkipReasons = [.. assemblies.Descendants("reason").Select(reason => reason.Value)],
            Failures = failures,
        };
    }

    private static int Sum(IEnumerable<XElement> assemblies, string attribute) =>
        assemblies.Sum(assembly => int.Parse(assembly.Attribute(attribute)?.Value ?? "0", CultureInfo.InvariantCulture));

    private static string Describe(XElement test)
    {
        string message = test.Element("failure")?.Element("message")?.Value ?? "";
        string stack = test.Element("failure")?.Element("stack-trace")?.Value ?? "";
        return $"{test.Attribute("name")?.Value}\n{Text.Indent(message)}\n{Text.Indent(Text.FirstLines(stack, LinesOfStack))}";
    }
}
