namespace PyAsync.Tool.Wheels;

/// <summary>
/// The Python package <c>pyasync</c> in a wheel, so that it can be imported, and checked for types, before any module written in C# is imported.
/// </summary>
/// <remarks>
/// Each wheel has its own copy, folder and <c>.pth</c> file, which adds the folder to <c>sys.path</c>: two wheels share no file, so that uninstalling
/// one leaves the other intact. Python imports the first copy that it finds. C# treats all copies alike: it needs only the name of the type.
/// </remarks>
internal static class SharedPackage
{
    private const string Folder = "_pyasync";

    /// <summary>Gets the files by their paths in site-packages.</summary>
    /// <param name="package">The folder of the module's package.</param>
    /// <param name="distribution">The name of the distribution, in the form for file names.</param>
    public static IEnumerable<(string Path, string Text)> Files(string package, string distribution) =>
    [
        ($"{distribution}-pyasync.pth", $"{package}/{Folder}\n"),
        ($"{package}/{Folder}/pyasync/__init__.py", Resources.Text("pyasync.py")),
        ($"{package}/{Folder}/pyasync/__init__.pyi", Resources.Text("pyasync.pyi")),
        ($"{package}/{Folder}/pyasync/{PythonFiles.Marker}", ""),
    ];
}
