namespace PyAsync.TestRunner.Running;

/// <summary>The folders of the repository that the runner uses.</summary>
internal static class Paths
{
    /// <summary>Gets the repository's root, found upwards from this program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets the folder of the cells' logs.</summary>
    public static string Logs { get; } = Path.Combine(Root, "artifacts/test-logs");

    /// <summary>Gets the folder of the wheels that one cell builds and others install.</summary>
    public static string Wheels { get; } = Path.Combine(Root, "artifacts/test-wheels");

    /// <summary>Returns the executable of a test project.</summary>
    public static string Executable(string project) => Path.Combine(Root, "artifacts/bin", project, "release", project);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not in a clone: there is no Runtime.sln above.");
    }
}
