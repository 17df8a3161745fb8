using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PyAsync.Tool;

/// <summary>What an assembly says of the Python module in it: <c>[assembly: PyModuleManifest(…)]</c>, as the generator wrote it.</summary>
/// <param name="Name">The module's name in Python.</param>
/// <param name="InitType">The type whose <c>Init</c> makes it.</param>
/// <param name="Stub">The text of its <c>.pyi</c> file.</param>
internal sealed record ModuleManifest(string Name, string InitType, string Stub)
{
    /// <summary>Reads the file alone: nothing of the assembly is loaded or run.</summary>
    /// <exception cref="ToolException">There is no module, several, or one that is named otherwise than the assembly.</exception>
    public static ModuleManifest Read(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        MetadataReader metadata = file.GetMetadataReader();
        ModuleManifest[] manifests = [.. metadata.GetAssemblyDefinition().GetCustomAttributes()
            .Select(metadata.GetCustomAttribute)
            .Where(attribute => TypeName(metadata, attribute) == "PyAsync.PyModuleManifestAttribute")
            .Select(attribute => FromAttribute(attribute.DecodeValue(AttributeTypes.Instance)))];

        string assembly = Path.GetFileNameWithoutExtension(assemblyPath);
        return manifests switch
        {
            [] => throw new ToolException($"{assembly} has no Python module: put [PyModule(\"{assembly}\")] on a static class."),
            [{ Name: string name }] when name != assembly => throw new ToolException(
                $"The module is named {name} and its assembly {assembly}. Python finds a module by its file: set <AssemblyName>{name}</AssemblyName>, or name the module {assembly}."),
            [ModuleManifest one] => one,
            _ => throw new ToolException(
                $"{assembly} has {manifests.Length} Python modules ({string.Join(", ", manifests.Select(manifest => manifest.Name))}). A project makes one: move the others into projects of their own."),
        };
    }

    private static ModuleManifest FromAttribute(CustomAttributeValue<string> value) => new(
        (string)value.FixedArguments[0].Value!,
        (string)value.FixedArguments[1].Value!,
        (string?)value.NamedArguments.FirstOrDefault(argument => argument.Name == "Stub").Value ?? "");

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

    /// <summary>Types by name: the attribute's arguments are all strings.</summary>
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
