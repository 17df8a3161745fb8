namespace PyAsync.Tool.Binding.Reading;

/// <summary>A module as the command line names it: <c>weather</c>, <c>redis.asyncio</c>, or a file.</summary>
internal static class ModuleName
{
    /// <summary>Returns the module's name, its file if one was named, and the folder in which Python would find it.</summary>
    /// <exception cref="ToolException">The file does not exist, or its name is not a module's.</exception>
    public static (ReaderModule Module, string? Folder) Parse(string text)
    {
        bool isFile = text.EndsWith(".py", StringComparison.Ordinal) || text.EndsWith(".pyi", StringComparison.Ordinal);
        if (!isFile && !text.Contains('/', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal))
        {
            return text.Split('.').All(IsIdentifier)
                ? (new ReaderModule(text, null), null)
                : throw new ToolException($"'{text}' is not the name of a module. Name a module (redis.asyncio) or a file (weather.py).");
        }

        string path = Path.GetFullPath(text);
        if (Directory.Exists(path))
        {
            path = Path.Combine(path, "__init__.py");
        }

        if (!File.Exists(path))
        {
            throw new ToolException($"There is no file {text}.");
        }

        // A folder with __init__.py is a package: the name begins at the outermost one.
        string folder = Path.GetDirectoryName(path)!, name = Path.GetFileNameWithoutExtension(path);
        List<string> parts = name == "__init__" ? [] : [name];
        while (File.Exists(Path.Combine(folder, "__init__.py")) && Path.GetDirectoryName(folder) is string parent)
        {
            parts.Insert(0, Path.GetFileName(folder));
            folder = parent;
        }

        return parts.Count > 0 && parts.All(IsIdentifier)
            ? (new ReaderModule(string.Join('.', parts), path), folder)
            : throw new ToolException($"{text} cannot be imported: '{string.Join('.', parts)}' is not the name of a module.");
    }

    private static bool IsIdentifier(string part) =>
        part.Length > 0 && !char.IsDigit(part[0]) && part.All(static c => c == '_' || char.IsLetterOrDigit(c));
}
