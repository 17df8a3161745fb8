namespace PyAsync.Configuration;

/// <summary>Resolves and checks an entry of <see cref="PyAsyncOptions.ModulePaths"/>.</summary>
internal static class ModulePath
{
    /// <summary>Gets the absolute path: a relative one is relative to the application's folder.</summary>
    public static string Resolve(string path) => Path.GetFullPath(path, AppContext.BaseDirectory);

    /// <summary>True if Python can import from there: a folder, or a zip file, or a folder within one.</summary>
    public static bool Exists(string path)
    {
        string? part = Resolve(path);
        if (Directory.Exists(part))
        {
            return true;
        }

        while (part is not null && !Path.Exists(part))
        {
            part = Path.GetDirectoryName(part);
        }

        return File.Exists(part);
    }
}
