namespace PyAsync.Interpreter.Locating;

/// <summary>Lists the application's folder, and those above it up to the project: during development the program runs from a folder below the project.</summary>
/// <param name="application">The folder of the application's assemblies.</param>
internal sealed class ApplicationFolders(string application)
{
    private const string Environment = ".venv";

    private static readonly string[] s_projects = ["*.csproj", "*.fsproj", "*.vbproj"];
    private static readonly string[] s_solutions = ["*.sln", "*.slnx"];
    private static readonly EnumerationOptions s_accessible = new() { IgnoreInaccessible = true };

    /// <summary>
    /// Gets the folders, the application's first. The last one is the nearest with a solution or a repository (<c>.git</c>), else the nearest with a
    /// project; without any of these there is only the application's folder.
    /// </summary>
    public IEnumerable<string> UpToTheProject()
    {
        List<string> folders = [];
        int last = 0;
        for (DirectoryInfo? folder = new(Path.TrimEndingDirectorySeparator(application)); folder is not null; folder = folder.Parent)
        {
            folders.Add(folder.FullName);
            if (Path.Exists(Path.Combine(folder.FullName, ".git")) || Holds(folder, s_solutions))
            {
                return folders;
            }

            if (last == 0 && Holds(folder, s_projects))
            {
                last = folders.Count - 1;
            }
        }

        return folders.Take(last + 1);
    }

    /// <summary>Gets the nearest <c>.venv</c>; null if there is none.</summary>
    public string? VirtualEnvironment() =>
        UpToTheProject().Select(static folder => Path.Combine(folder, Environment)).FirstOrDefault(Locating.VirtualEnvironment.Is);

    private static bool Holds(DirectoryInfo folder, string[] patterns) =>
        folder.Exists && patterns.Any(pattern => folder.EnumerateFiles(pattern, s_accessible).Any());
}
