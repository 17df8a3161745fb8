namespace PyAsync.Interpreter.Locating;

/// <summary>Searches for commands in the folders of PATH.</summary>
internal static class CommandSearch
{
    private static readonly string[] s_extensions = OperatingSystem.IsWindows() ? [".exe", ""] : [""];

    /// <summary>Gets every Python on PATH: <c>python3</c> in each folder, then <c>python</c>, then those with a version, the newest first.</summary>
    public static IEnumerable<(string Name, string Path)> All(Func<string, string?> environment)
    {
        IEnumerable<string> versions = SupportedPythons.Minors.Reverse().Select(static minor => $"python3.{minor}");
        return
            from name in versions.Prepend("python").Prepend("python3")
            from path in Find(name, environment)
            select (name, path);
    }

    /// <summary>Gets the files of that name, in the order of PATH.</summary>
    public static IEnumerable<string> Find(string name, Func<string, string?> environment) =>
        from folder in (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
        where Path.IsPathFullyQualified(folder) || CurrentFolder.Find() is not null
        from extension in s_extensions
        let path = Path.GetFullPath(Path.Combine(folder, name + extension))
        where File.Exists(path)
        select path;
}
