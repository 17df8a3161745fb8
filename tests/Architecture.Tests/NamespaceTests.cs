using System.Runtime.CompilerServices;
using Mono.Cecil;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The namespaces: those of internal types follow the folders, and the public ones are few.</summary>
public sealed class NamespaceTests
{
    // Types that users name, test authors name, and only generated code names.
    private static readonly string[] s_public = ["PyAsync", "PyAsync.Interop", "PyAsync.Testing", "PyAsync.Modules", "PyAsync.Generators", "PyAsync.Analyzers"];

    // A namespace PyAsync.Backends would hide the public class of that name.
    private static readonly string[] s_exceptions = ["Abstractions/Backends"];

    public static TheoryData<string> Assemblies => [.. ShippedAssembly.All.Select(assembly => assembly.Name)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void InternalTypes_HaveTheNamespaceOfTheirFolder(string assembly) =>
        Types(assembly, isPublic: false)
            .Where(static entry => entry.Folder.Length > 0 && !s_exceptions.Contains($"{entry.Assembly.Folder}/{entry.Folder}"))
            .Where(static entry => entry.Type.Namespace != $"{Root(entry.Assembly)}.{entry.Folder.Replace('/', '.')}")
            .Select(static entry => $"{entry.Type.FullName} in {entry.Assembly.Folder}/{entry.Folder}")
            .ShouldBeEmpty("Give these types the namespace of their folder, and name a new one in Directory.Build.targets.");

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void PublicTypes_HaveOneOfThePublicNamespaces(string assembly) =>
        Types(assembly, isPublic: true)
            .Where(static entry => !s_public.Contains(entry.Type.Namespace))
            .Select(static entry => entry.Type.FullName)
            .ShouldBeEmpty();

    private static IEnumerable<(ShippedAssembly Assembly, TypeDefinition Type, string Folder)> Types(string name, bool isPublic)
    {
        ShippedAssembly assembly = ShippedAssembly.Get(name);
        return
            from type in assembly.Module.Types
            where type.IsPublic == isPublic
            where type.CustomAttributes.All(static attribute => attribute.AttributeType.FullName != typeof(CompilerGeneratedAttribute).FullName)
            where type.Namespace.StartsWith("PyAsync", StringComparison.Ordinal)
            let folder = assembly.FolderOf(type)
            where folder is not null
            select (assembly, type, folder);
    }

    private static string Root(ShippedAssembly assembly) => assembly.Folder switch
    {
        "Testing" or "Modules" or "Generators" or "Analyzers" => "PyAsync." + assembly.Folder,
        "Tools" => "PyAsync.Tool",
        _ => "PyAsync",
    };
}
