using System.Reflection;

namespace PyAsync.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Gets the shipped projects: those named PyAsync…, except those that are part of another's package.</summary>
    public static IEnumerable<(string Id, string Project)> Shipped =>
        Files("PyAsync*.csproj")
            .Where(project => !Read(project).Contains("<IsPackable>false</IsPackable>"))
            .Select(project => (Path.GetFileNameWithoutExtension(project), project));

    /// <summary>Gets the libraries among them: not the tool, not the templates.</summary>
    public static IEnumerable<(string Id, string Project)> Packages =>
        Shipped.Where(package => !Read(package.Project).Contains("<PackAsTool>") && !Read(package.Project).Contains("<PackageType>"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Gets files below the root, by pattern, without the output of the build.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith(".git/", StringComparison.Ordinal) && !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal);
}
