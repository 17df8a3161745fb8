using Mono.Cecil;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The layers of ARCHITECTURE.md, checked in the metadata of the built assemblies, type reference by type reference.</summary>
public sealed class LayoutTests
{
    private const string DiagramStart = "<!-- layout: written by LayoutTests -->\n```mermaid\n";
    private const string DiagramEnd = "```\n<!-- end of the layout -->\n";

    public static TheoryData<string> Assemblies => [.. ShippedAssembly.All.Select(assembly => assembly.Name)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_AllHaveAPlaceInTheOrder(string assembly) =>
        FolderOrder.Read().Differences(assembly, ShippedAssembly.Get(assembly).Folders).ShouldBeEmpty($"Name each folder in {FolderOrder.File}, from the lowest to the highest.");

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_ReferToLowerFolders(string assembly)
    {
        FolderOrder order = FolderOrder.Read();
        Dictionary<string, string[]> actual = ShippedAssembly.Get(assembly).References
            .Select(reference => (Back: order.BackReference(assembly, reference), Types: $"{reference.Source} -> {reference.Target}"))
            .Where(entry => entry.Back is not null)
            .GroupBy(entry => entry.Back!, entry => entry.Types)
            .ToDictionary(group => group.Key, group => group.Order(StringComparer.Ordinal).ToArray());
        string[] listed = [.. order.BackReferences.Where(line => line.StartsWith(assembly + ":", StringComparison.Ordinal) || line.StartsWith(assembly + "/", StringComparison.Ordinal))];
        if (Environment.GetEnvironmentVariable("PYASYNC_SHOW_LAYOUT") == "1")
        {
            Console.WriteLine(Describe(actual));
        }

        Describe(actual.Where(entry => !listed.Contains(entry.Key))).ShouldBeEmpty("A folder refers to a higher one. Move the code, not the line.");
        listed.Except(actual.Keys).ShouldBeEmpty($"These back references are gone: remove them from {FolderOrder.File}.");

        static string Describe(IEnumerable<KeyValuePair<string, string[]>> references) =>
            string.Concat(references.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} ({entry.Value.Length})\n{string.Concat(entry.Value.Select(types => $"    {types}\n"))}"));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assemblies_ReferOnlyToLowerAssemblies(string assembly)
    {
        ShippedAssembly referrer = ShippedAssembly.Get(assembly);
        ReferredAssemblies(referrer).Select(referred => referred.Folder)
            .Except(AllowedReferences.Reachable(referrer.Folder))
            .ShouldBeEmpty($"{referrer.Folder} may refer only to the folders that AllowedReferences names.");
    }

    [Fact]
    public void TheDiagram_IsThatOfTheAssemblies()
    {
        string path = Path.Combine(Repository.Root, "ARCHITECTURE.md");
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        text.ShouldContain(DiagramStart);
        int start = text.IndexOf(DiagramStart, StringComparison.Ordinal) + DiagramStart.Length;
        int end = text.IndexOf(DiagramEnd, start, StringComparison.Ordinal);
        end.ShouldNotBe(-1, "The diagram in ARCHITECTURE.md has no end.");
        string actual = Diagram();
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_LAYOUT") == "1")
        {
            File.WriteAllText(path, text[..start] + actual + text[end..]);
        }
        else
        {
            text[start..end].ShouldBe(actual, "Set PYASYNC_UPDATE_LAYOUT=1 and run this test to write the diagram.");
        }
    }

    /// <summary>Each assembly and the highest ones that it refers to: what these refer to in turn has no arrow.</summary>
    private static string Diagram()
    {
        Dictionary<string, HashSet<string>> direct = ShippedAssembly.All.ToDictionary(assembly => assembly.Name, assembly => ReferredAssemblies(assembly).Select(referred => referred.Name).ToHashSet());
        IEnumerable<string> nodes = ShippedAssembly.All.Select(assembly => $"  {Node(assembly.Folder)}[{assembly.Folder}]\n");
        IEnumerable<string> arrows = ShippedAssembly.All.SelectMany(assembly => direct[assembly.Name]
            .Where(target => !direct[assembly.Name].Any(between => between != target && Reaches(between, target)))
            .Order(StringComparer.Ordinal)
            .Select(target => $"  {Node(assembly.Folder)} --> {Node(ShippedAssembly.Get(target).Folder)}\n"));
        return string.Concat(["graph TD\n", .. nodes, .. arrows]);

        bool Reaches(string from, string to) => direct[from].Contains(to) || direct[from].Any(next => Reaches(next, to));

        static string Node(string folder) => folder.Replace(".", "");
    }

    private static IEnumerable<ShippedAssembly> ReferredAssemblies(ShippedAssembly assembly) =>
        assembly.Module.AssemblyReferences.Select(reference => ShippedAssembly.All.FirstOrDefault(shipped => shipped.Name == reference.Name)).OfType<ShippedAssembly>();
}
