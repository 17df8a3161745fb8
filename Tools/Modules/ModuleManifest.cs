using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PyAsync.Tool.Modules;

/// <summary>The description of the Python module in an assembly: <c>[assembly: PyModuleManifest(…)]</c>, as the generator wrote it.</summary>
/// <param name="Name">The module's name in Python.</param>
/// <param name="InitType">The type whose <c>Init</c> creates it.</param>
/// <param name="Stub">The text of its <c>.pyi</c> file.</param>
internal sealed record ModuleManifest(string Name, string InitType, string Stub)
{
    /// <summary>Reads only the file: does not load or run the assembly.</summary>
    /// <exception cref="ToolException">The file is not an assembly; or there is no module, several, or one with another name than the assembly.</exception>
    public static ModuleManifest Read(string assemblyPath)
    {
        ModuleManifest[] manifests = ReadAll(assemblyPath);
        string assembly = Path.GetFileNameWithoutExtension(assemblyPath);
        return manifests switch
        {
            [] => throw new ToolException($"{assembly} has no Python module: put [PyModule(\"{assembly}\")] on a static class."),
            [{ Name: string name }] when name != assembly => throw new ToolException(
                $"The module is named {name} and its assembly {assembly}. Python finds a module by its file: set <AssemblyName>{name}</AssemblyName>, or name the module {assembly}."),
            [ModuleManifest one] => one,
            _ => throw new ToolException(
                $"{assembly} has {manifests.Length} Python modules ({string.Join(", ", manifests.Select(manifest => manifest.Name))}). A project has one: move the others into separate projects."),
        };
    }

    private static ModuleManifest[] ReadAll(string assemblyPath)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(assemblyPath));
            if (file.HasMetadata)
            {
                MetadataReader metadata = file.GetMetadataReader();
                return [.. metadata.GetAssemblyDefinition().GetCustomAttributes()
                    .Select(metadata.GetCustomAttribute)
                    .Where(attribute => TypeName(metadata, attribute) == "PyAsync.PyModuleManifestAttribute")
                    .Select(attribute => FromAttribute(attribute.DecodeValue(AttributeTypes.Instance)))];
            }
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or InvalidCastException or OverflowException or IndexOutOfRangeException)
        {
            // No image at all, or a damaged one: the reader of the metadata follows any number that it finds.
        }

        throw new ToolException($"{assemblyPath} is not a .NET assembly, or a damaged one.");
    }

    private static ModuleManifest FromAttribute(CustomAttributeValue<string> value) =>
        value.FixedArguments is [{ Value: string name }, { Value: string initType }]
            ? new(name, initType, value.NamedArguments.FirstOrDefault(argument => argument.Name == "Stub").Value as string ?? "")
            : throw new BadImageFormatException();

    private static string TypeName(MetadataReader metadata, CustomAttribute attribute)
    {
        EntityHandle type = attribute.Constructor.Kind == HandleKind.MemberReference
            ? metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
            : metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
        (StringHandle @namespace, StringHandle name) = type.Kind switch
        {
            HandleKind.TypeReference => (metadata.GetTypeReference((TypeReferenceHandle)type).Namespace, metadata.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.TypeDefinition => (metadata.GetTypeDefinition((TypeDefinitionHandle)type).Namespace, metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name),
            _ => default,
        };
        return $"{metadata.GetString(@namespace)}.{metadata.GetString(name)}";
    }

    /// <summary>Represents types by name: the attribute's arguments are all strings.</summary>
    private sealed class AttributeTypes : ICustomAttributeTypeProvider<string>
    {
        public static readonly AttributeTypes Instance = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}
