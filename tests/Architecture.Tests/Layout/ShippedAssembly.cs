using System.Xml.Linq;
using Mono.Cecil;

namespace PyAsync.Tests;

/// <summary>A built assembly of the repository, with the folder of its project.</summary>
internal sealed class ShippedAssembly
{
    private readonly Lazy<IReadOnlyCollection<FolderReference>> _references;
    private readonly Lazy<SourceFolders> _sources;

    private ShippedAssembly(string name, string folder, string path)
    {
        Name = name;
        Folder = folder;
        Module = ModuleDefinition.ReadModule(path);
        _sources = new(() => new SourceFolders(Path.ChangeExtension(path, ".pdb"), folder));
        _references = new(() => FolderReferences.Of(Module, _sources.Value));
    }

    public static IReadOnlyList<ShippedAssembly> All { get; } = [.. Repository.Files("PyAsync*.csproj").Where(project => project.Count(c => c == '/') == 1).Select(Find).OfType<ShippedAssembly>()];

    public string Name { get; }

    public string Folder { get; }

    public ModuleDefinition Module { get; }

    public IEnumerable<string> Folders => Module.GetTypes().Select(_sources.Value.Of).OfType<string>().Concat(Module.GetTypes().SelectMany(type => type.Methods).Select(_sources.Value.Of).OfType<string>()).Distinct();

    public IReadOnlyCollection<FolderReference> References => _references.Value;

    /// <summary>Gets the folder of a type's file; null for code that the build generates.</summary>
    public string? FolderOf(TypeDefinition type) => _sources.Value.Of(type);

    public static ShippedAssembly Get(string name) => All.Single(assembly => assembly.Name == name);

    private static ShippedAssembly? Find(string project)
    {
        XDocument text = XDocument.Parse(Repository.Read(project));
        if (text.Descendants("IncludeBuildOutput").Any(element => element.Value == "false") && text.Descendants("PackageType").Any())
        {
            return null; // The templates, which have no code.
        }

        string name = text.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
        string beside = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (!File.Exists(beside))
        {
            // Programs and Roslyn components are built before, and not copied.
            string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            beside = Path.Combine(Repository.Root, "artifacts/bin", Path.GetFileNameWithoutExtension(project), configuration, name + ".dll");
        }

        return new ShippedAssembly(name, Path.GetDirectoryName(project)!, beside);
    }
}
