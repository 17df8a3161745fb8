using System.Text.Encodings.Web;
using System.Text.Json;

namespace PyAsync.Tests;

/// <summary>The answers of one run, which the repository keeps for the report: a file for each version of uvicorn.</summary>
internal sealed record RecordedAnswers(PythonPackages Packages, SortedDictionary<string, Answers> All)
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Folder => Path.Combine(Repository.Root, "tests/WebComparison/Recorded");

    /// <summary>Reads what is recorded for the version of uvicorn, of the frameworks and of Python that are used here, or null.</summary>
    public static RecordedAnswers? Read(PythonPackages packages) =>
        ReadAll().SingleOrDefault(recorded => recorded.Packages.Versions.OrderBy(static pair => pair.Key).SequenceEqual(packages.Versions.OrderBy(static pair => pair.Key)));

    /// <summary>Reads all, the oldest uvicorn first.</summary>
    public static IEnumerable<RecordedAnswers> ReadAll() => Directory.GetFiles(Folder, "*.json")
        .Select(static file => JsonSerializer.Deserialize<RecordedAnswers>(File.ReadAllText(file), s_options)!)
        .OrderBy(static recorded => recorded.Packages.Uvicorn);

    public void Write()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, $"uvicorn-{Packages.Uvicorn}.json"), JsonSerializer.Serialize(this, s_options) + "\n");
    }
}
