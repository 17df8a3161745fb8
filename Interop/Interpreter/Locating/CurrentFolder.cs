namespace PyAsync.Interpreter.Locating;

/// <summary>Reads the process's current folder, which may have been deleted: then .NET throws.</summary>
internal static class CurrentFolder
{
    /// <summary>Gets the folder; null if it no longer exists.</summary>
    public static string? Find()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
