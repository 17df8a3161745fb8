using System.Text.Json;

namespace PyAsync.Tool;

/// <summary>Properties of a project as MSBuild gives them; an empty one is none.</summary>
internal sealed class ProjectProperties
{
    /// <summary>What is asked for: all that a wheel is made from.</summary>
    public static readonly string[] Names =
    [
        "AssemblyName", "Authors", "Description", "MSBuildProjectDirectory", "PackageId", "PackageLicenseExpression", "PackageProjectUrl",
        "PackageReadmeFile", "PackageTags", "PublishAot", "PyModule", "PythonSource", "PythonVersion", "RepositoryUrl", "RequiresPython", "RuntimeIdentifier",
        "Version",
    ];

    private readonly Dictionary<string, string> _values;

    public ProjectProperties(IReadOnlyDictionary<string, string> values) =>
        _values = values.Where(value => !string.IsNullOrWhiteSpace(value.Value)).ToDictionary(value => value.Key, value => value.Value);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public string ProjectFolder => _values["MSBuildProjectDirectory"];

    public bool IsTrue(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What <c>-getProperty</c> printed.</summary>
    public static ProjectProperties Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString() ?? ""));
    }
}
