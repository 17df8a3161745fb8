using System.Text.Json;

namespace PyAsync.Tool.Projects;

/// <summary>Properties of a project, from MSBuild; an empty one counts as not set.</summary>
internal sealed class ProjectProperties
{
    /// <summary>The properties to read: all those from which a wheel is made.</summary>
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

    /// <summary>Parses the output of <c>-getProperty</c>.</summary>
    public static ProjectProperties Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString() ?? ""));
    }
}
