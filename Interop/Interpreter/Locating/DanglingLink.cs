namespace PyAsync.Interpreter.Locating;

/// <summary>Finds symbolic links whose target does not exist. <see cref="File.Exists"/> is true for them.</summary>
internal static class DanglingLink
{
    /// <summary>Gets the target that does not exist; null if the path is a file, or a link to one.</summary>
    public static string? TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false } target ? target.FullName : null;
        }
        catch (IOException)
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName; // A cycle of links.
        }
    }

    /// <summary>Gets the file that a link leads to, else the path itself.</summary>
    public static string Follow(string path) =>
        Path.GetFullPath(TargetOf(path) is null && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path);

    /// <summary>True if the path is a file, or a link to one.</summary>
    public static bool IsFile(string path) => File.Exists(path) && TargetOf(path) is null;
}
