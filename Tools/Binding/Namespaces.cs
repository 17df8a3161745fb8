using System.Xml;
using System.Xml.Linq;

namespace PyAsync.Tool.Binding;

/// <summary>Finds the namespace of a folder: that of the project which contains it.</summary>
internal static class Namespaces
{
    /// <summary>Returns the root namespace of the project in or above a folder, or null if there is no project.</summary>
    public static string? Of(string folder)
    {
        for (DirectoryInfo? parent = new(folder); parent is not null; parent = parent.Parent)
        {
            if (parent.Exists && parent.EnumerateFiles("*.csproj").OrderBy(static file => file.Name, StringComparer.Ordinal).FirstOrDefault() is { } project)
            {
                return RootNamespace(project.FullName) ?? Identifier(Path.GetFileNameWithoutExtension(project.Name));
            }
        }

        return null;
    }

    /// <summary>Makes a namespace of a text, as the SDK does of a project's name.</summary>
    /// <exception cref="ToolException">The text has no letters.</exception>
    public static string Identifier(string text)
    {
        string[] parts = text.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0
            ? string.Join('.', parts.Select(static part => Identifiers.Escape((char.IsDigit(part[0]) ? "_" : "") + string.Concat(part.Select(static c => char.IsLetterOrDigit(c) || c == '_' ? c : '_')))))
            : throw new ToolException($"'{text}' is not a namespace.");
    }

    private static string? RootNamespace(string project)
    {
        try
        {
            string? value = XDocument.Load(project).Descendants().FirstOrDefault(static element => element.Name.LocalName == "RootNamespace")?.Value.Trim();
            return value is { Length: > 0 } && !value.Contains('$', StringComparison.Ordinal) ? value : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
