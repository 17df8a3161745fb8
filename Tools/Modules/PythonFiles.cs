namespace PyAsync.Tool.Modules;

/// <summary>
/// Writes the Python files of a module: together with them, the folder of its assembly is a package that Python imports. The build writes them beside its output.
/// </summary>
internal static class PythonFiles
{
    public const string Marker = "py.typed";
    private static readonly string[] s_loader = ["_hosted.py", "_dotnet.py", "_forked.py"];

    /// <summary>Writes <c>__init__.py</c> and its loader, the stub and <c>py.typed</c> into <paramref name="folder"/>.</summary>
    public static void Write(ModuleManifest module, string folder)
    {
        Directory.CreateDirectory(folder);
        WriteIfChanged(folder, "__init__.py", InitSource(module));
        WriteIfChanged(folder, "__init__.pyi", module.Stub);
        WriteIfChanged(folder, Marker, "");
        foreach (string name in s_loader)
        {
            WriteIfChanged(folder, name, Resources.Text(name));
        }
    }

    // One expression, because a reload runs it in the C# module, where every name that it bound would remain.
    private static string InitSource(ModuleManifest module) =>
        $"""
        # The module is written in C#: this starts .NET and puts the module in the place of this file's. Written by the build.
        __import__("importlib").import_module("._hosted", __name__).load(__name__, "{module.Name}", "{module.InitType}")

        """;

    private static void WriteIfChanged(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            File.WriteAllText(path, text);
        }
    }
}
