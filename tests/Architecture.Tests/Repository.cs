using System.Reflection;

namespace PyAsync.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Whether the build was told to make what needs pythonnet.</summary>
    public static bool HasPythonNet { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PythonNet").Value == "true";

    /// <summary>What is shipped: the projects named PyAsync…, but for those that are part of another's package.</summary>
    public static IEnumerable<(string Id, string Project)> Shipped =>
        Files("PyAsync*.csproj")
            .Where(project => !Read(project).Contains("<IsPackable>false</IsPackable>"))
            .Select(project => (Path.GetFileNameWithoutExtension(project), project));

    /// <summary>The libraries among them: not the tool, not the templates.</summary>
    public static IEnumerable<(string Id, string Project)> Packages =>
        Shipped.Where(package => !Read(package.Project).Contains("<PackAsTool>") && !Read(package.Project).Contains("<PackageType>"));

    /// <summary>Those of <see cref="Packages"/> that this build has made.</summary>
    public static IEnumerable<(string Id, string Project)> BuiltPackages => Packages.Where(package => IsBuilt(package.Project));

    /// <summary>Whether a project has been built: what needs pythonnet is inert where that is not to be had.</summary>
    public static bool IsBuilt(string project) => HasPythonNet || !Read(project).Contains("PythonNet.props");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files below the root, by pattern, without what the build puts there.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith(".git/", StringComparison.Ordinal) && !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal);
}
