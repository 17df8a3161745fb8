namespace PyAsync.Tool.Projects;

/// <summary>A published module: its properties, and the files of its Python package.</summary>
internal sealed class PublishedModule(ProjectProperties properties, ModuleForm form, string folder, string output) : IDisposable
{
    private static readonly string[] s_symbols = [".pdb", ".dbg", ".dSYM"];

    public ProjectProperties Properties => properties;

    public ModuleForm Form => form;

    public string Name => properties["AssemblyName"]!;

    /// <summary>Gets the package's folder: <c>my_package.native</c> is imported from <c>my_package/native</c>.</summary>
    public string Package => Name.Replace('.', '/');

    /// <summary>Gets the files by their paths in site-packages. Both forms are packages, because only a package can declare that it has types (PEP 561).</summary>
    /// <exception cref="ToolException">The module itself is missing.</exception>
    public SortedDictionary<string, byte[]> Files()
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(output, path).Replace('\\', '/');
            if (form == ModuleForm.Hosted || !s_symbols.Contains(Path.GetExtension(name)))
            {
                files.Add($"{Package}/{(form == ModuleForm.Aot ? NativeName(name) : name)}", File.ReadAllBytes(path));
            }
        }

        if (form == ModuleForm.Aot)
        {
            files.TryAdd($"{Package}/{PythonFiles.Marker}", []);
        }

        string[] needed = form == ModuleForm.Aot ? ["__init__.pyi"] : ["__init__.py", "__init__.pyi", Name + ".dll", Name + ".runtimeconfig.json"];
        AddPythonSources(files);
        return needed.FirstOrDefault(name => !files.ContainsKey($"{Package}/{name}")) is string missing
            ? throw new ToolException($"The published folder has no {missing}: the project does not build a Python module with PyAsync.Modules.")
            : files;
    }

    /// <summary>Gets the native library of the module.</summary>
    public KeyValuePair<string, byte[]> Library(SortedDictionary<string, byte[]> files) =>
        files.First(file => file.Key == $"{Package}/__init__.abi3.so" || file.Key == $"{Package}/__init__.pyd");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Adds the project's own Python files, laid out as in site-packages: the package around the module, for example.</summary>
    private void AddPythonSources(SortedDictionary<string, byte[]> files)
    {
        string sources = Path.Combine(properties.ProjectFolder, properties["PythonSource"] ?? "python");
        foreach (string path in Directory.Exists(sources) ? Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories) : [])
        {
            string name = Path.GetRelativePath(sources, path).Replace('\\', '/');
            if (!name.Contains("__pycache__/", StringComparison.Ordinal) && !files.TryAdd(name, File.ReadAllBytes(path)))
            {
                throw new ToolException($"{path} would replace a file of the module itself: rename it.");
            }
        }
    }

    // Python treats an extension module as a package if it is named __init__.
    private string NativeName(string name) =>
        name == Name + ".abi3.so" || name == Name + ".pyd" || name == Name + ".pyi" ? "__init__" + name[Name.Length..] : name;
}
