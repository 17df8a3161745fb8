using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using MethodDefinition = Mono.Cecil.MethodDefinition;
using TypeDefinition = Mono.Cecil.TypeDefinition;

namespace PyAsync.Tests;

/// <summary>
/// Maps types and methods to the folders of their source files, by the documents that the assembly's portable PDB names. The folders are
/// relative to the project's; "" is the project's own. Code that the build generates has no folder.
/// </summary>
internal sealed class SourceFolders
{
    // TypeDefinitionDocuments in the Portable PDB specification: the documents of types that have no methods with code.
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly string _project;
    private readonly Dictionary<int, string> _methods = [];
    private readonly Dictionary<int, List<string>> _types = [];
    private readonly Dictionary<TypeDefinition, string?> _cache = [];

    public SourceFolders(string pdb, string project)
    {
        _project = project;
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(pdb));
        MetadataReader reader = provider.GetMetadataReader();
        foreach (MethodDebugInformationHandle handle in reader.MethodDebugInformation)
        {
            MethodDebugInformation method = reader.GetMethodDebugInformation(handle);
            DocumentHandle document = method.Document;
            if (document.IsNil)
            {
                document = method.GetSequencePoints().Select(point => point.Document).FirstOrDefault(handle => !handle.IsNil);
            }

            if (!document.IsNil)
            {
                _methods[MetadataTokens.GetRowNumber(handle.ToDefinitionHandle())] = Name(reader, document);
            }
        }

        foreach (CustomDebugInformation information in reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation))
        {
            if (information.Parent.Kind == HandleKind.TypeDefinition && reader.GetGuid(information.Kind) == s_typeDocuments)
            {
                BlobReader documents = reader.GetBlobReader(information.Value);
                while (documents.RemainingBytes > 0)
                {
                    Files(MetadataTokens.GetRowNumber(information.Parent)).Add(Name(reader, MetadataTokens.DocumentHandle(documents.ReadCompressedInteger())));
                }
            }
        }
    }

    /// <summary>Gets the folder of the file that is named after the type, or of its first file.</summary>
    public string? Of(TypeDefinition type)
    {
        if (!_cache.TryGetValue(type, out string? folder))
        {
            string name = Outermost(type).Name.Split('`')[0];
            List<string> files = [.. Files(type.MetadataToken.ToInt32() & 0xFFFFFF), .. type.Methods.Select(FileOf).OfType<string>()];
            folder = Folder(files.Find(file => Path.GetFileNameWithoutExtension(file) == name)) ?? files.Select(Folder).FirstOrDefault(found => found is not null);
            _cache[type] = folder ??= type.DeclaringType is { } outer ? Of(outer) : null;
        }

        return folder;
    }

    /// <summary>Gets the folder of the method's code, or of its type.</summary>
    public string? Of(MethodDefinition method) => Folder(FileOf(method)) ?? Of(method.DeclaringType);

    public static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private string? FileOf(MethodDefinition method) => _methods.GetValueOrDefault(method.MetadataToken.ToInt32() & 0xFFFFFF);

    private List<string> Files(int type) => _types.TryGetValue(type, out List<string>? files) ? files : _types[type] = [];

    private string? Folder(string? file) =>
        file is not null && file.StartsWith(_project + "/", StringComparison.Ordinal) ? Path.GetDirectoryName(file[(_project.Length + 1)..])!.Replace('\\', '/') : null;

    private static string Name(MetadataReader reader, DocumentHandle document)
    {
        string path = reader.GetString(reader.GetDocument(document).Name).Replace('\\', '/');
        string root = Repository.Root.Replace('\\', '/');
        return path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..]
            : path.StartsWith("/_/", StringComparison.Ordinal) ? path[3..] // A deterministic build.
            : path;
    }
}
