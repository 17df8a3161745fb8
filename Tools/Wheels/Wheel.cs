using System.Text;

namespace PyAsync.Tool.Wheels;

/// <summary>A module as a wheel: the archive's name and content.</summary>
internal sealed class Wheel
{
    private static readonly string[] s_licences = ["LICENSE*", "LICENCE*", "COPYING*", "NOTICE*"];
    private readonly WheelMetadata _metadata;
    private readonly WheelTag _tag;
    private readonly SortedDictionary<string, byte[]> _files;
    private readonly string _projectFolder;

    /// <param name="module">The published module.</param>
    /// <param name="manylinux">The glibc of the manylinux platform; null for this machine's plain platform.</param>
    /// <exception cref="ToolException">A property has no valid form in Python, or the library needs more than the platform includes.</exception>
    public Wheel(PublishedModule module, ManylinuxChoice? manylinux)
    {
        _metadata = new WheelMetadata(module.Properties);
        _files = module.Files();
        foreach ((string path, string text) in SharedPackage.Files(module.Package, WheelMetadata.Normalise(_metadata.Name)))
        {
            _files[path] = Encoding.UTF8.GetBytes(text);
        }

        _projectFolder = module.Properties.ProjectFolder;
        _tag = module.Form == ModuleForm.Aot
            ? WheelTag.Native(module.Properties["RuntimeIdentifier"]!)
            : WheelTag.Hosted(module.Properties["RuntimeIdentifier"]);
        if (manylinux is not null)
        {
            _tag = manylinux.Check(_tag, module.Properties["RuntimeIdentifier"]!, ElfFile.Read(module.Library(_files).Value));
        }
    }

    public string Name => _metadata.Name;

    public string Version => _metadata.Version;

    public bool IsPure => _tag.IsPure;

    public string FileName => $"{_metadata.FileName}-{_tag}.whl";

    public string DistInfo => _metadata.FileName + ".dist-info";

    public void Write(Stream output)
    {
        using var writer = new WheelWriter(output);
        foreach ((string path, byte[] content) in _files)
        {
            writer.Add(path, content);
        }

        string[] licences = [.. s_licences.SelectMany(pattern => Directory.EnumerateFiles(_projectFolder, pattern)).Order(StringComparer.Ordinal)];
        foreach (string path in licences)
        {
            writer.Add($"{DistInfo}/licenses/{Path.GetFileName(path)}", File.ReadAllBytes(path));
        }

        writer.Add($"{DistInfo}/METADATA", _metadata.Metadata(licences.Select(Path.GetFileName)!));
        writer.Add($"{DistInfo}/WHEEL", WheelMetadata.Wheel(_tag));
        writer.AddRecord($"{DistInfo}/RECORD");
    }
}
