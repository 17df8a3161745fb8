namespace PyAsync.Interpreter.Locating;

/// <summary>Reads <c>pyvenv.cfg</c>, the file that makes a folder a virtual environment.</summary>
internal static class VirtualEnvironment
{
    private const string FileName = "pyvenv.cfg";

    /// <summary>True if the folder is a virtual environment.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Gets the folder of the interpreter that the environment was made with; null if the folder is not an environment.</summary>
    public static string? HomeOf(string folder)
    {
        if (!Is(folder))
        {
            return null;
        }

        foreach (string line in File.ReadLines(Path.Combine(folder, FileName)))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is ["home", { Length: > 0 } home])
            {
                return home;
            }
        }

        return null;
    }
}
