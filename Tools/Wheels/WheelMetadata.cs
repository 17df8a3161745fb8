using System.Text;
using System.Text.RegularExpressions;

namespace PyAsync.Tool.Wheels;

/// <summary>The metadata of a wheel: METADATA (core metadata 2.4, PEP 639) and WHEEL, from the properties of a NuGet package.</summary>
internal sealed partial class WheelMetadata
{
    private readonly ProjectProperties _properties;

    public WheelMetadata(ProjectProperties properties)
    {
        _properties = properties;
        Name = properties["PackageId"] ?? properties["AssemblyName"]!;
        if (!ValidName().IsMatch(Name))
        {
            throw new ToolException($"The package's name \"{Name}\" is not valid in Python: use letters, digits, '.', '-' and '_', the first and the last a letter or digit. Set <PackageId>.");
        }

        Version = properties["PythonVersion"] ?? PythonVersion.From(properties["Version"] ?? "1.0.0");
        if (!PythonVersion.IsValid(Version))
        {
            throw new ToolException($"<PythonVersion>{Version}</PythonVersion> is not a version in Python (PEP 440), such as 1.2.0, 1.2.0b3 or 1.2.0.post1.");
        }
    }

    public string Name { get; }

    public string Version { get; }

    /// <summary>Gets name and version in the form for file names.</summary>
    public string FileName => $"{Normalise(Name)}-{Version}";

    /// <summary>Normalises the name, so that all spellings compare equal (PEP 503), with '_' for file names.</summary>
    public static string Normalise(string name) => Separators().Replace(name, "_").ToLowerInvariant();

    public string Metadata(IEnumerable<string> licenceFiles)
    {
        var text = new StringBuilder("Metadata-Version: 2.4\n");
        Header("Name", Name);
        Header("Version", Version);
        Header("Summary", _properties["Description"] is "Package Description" ? null : _properties["Description"]); // NuGet's default
        Header("Keywords", _properties["PackageTags"]?.Replace(';', ',').Replace(' ', ','));
        Header("Author", _properties["Authors"] == _properties["AssemblyName"] ? null : _properties["Authors"]?.Replace(";", ", ", StringComparison.Ordinal)); // the default
        Header("License-Expression", _properties["PackageLicenseExpression"]);
        foreach (string file in licenceFiles)
        {
            Header("License-File", file);
        }

        Header("Project-URL", _properties["PackageProjectUrl"] is string home ? $"Homepage, {home}" : null);
        Header("Project-URL", _properties["RepositoryUrl"] is string repository ? $"Repository, {repository}" : null);
        Header("Requires-Python", _properties["RequiresPython"] ?? ">=3.11");
        if (ReadmePath() is string readme)
        {
            Header("Description-Content-Type", "text/markdown");
            text.Append('\n').Append(File.ReadAllText(readme));
        }

        return text.ToString();

        void Header(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(name).Append(": ").Append(WhiteSpace().Replace(value.Trim(), " ")).Append('\n');
            }
        }
    }

    public static string Wheel(WheelTag tag) =>
        $"""
        Wheel-Version: 1.0
        Generator: pyasync {typeof(WheelMetadata).Assembly.GetName().Version!.ToString(3)}
        Root-Is-Purelib: {(tag.IsPure ? "true" : "false")}
        Tag: {tag}

        """;

    private string? ReadmePath()
    {
        string path = Path.Combine(_properties.ProjectFolder, _properties["PackageReadmeFile"] ?? "README.md");
        return File.Exists(path) ? path : null;
    }

    [GeneratedRegex(@"^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$", RegexOptions.IgnoreCase)]
    private static partial Regex ValidName();

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
