namespace PyAsync.Tool.Modules;

/// <summary>The Python files that are embedded in this program.</summary>
internal static class Resources
{
    public static string Text(string name)
    {
        using var text = new StreamReader(typeof(Resources).Assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }
}
