using Microsoft.CodeAnalysis;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// The code that is generated from Snapshots/Shop.cs, file by file. A change is visible in review as a change of these files: set
/// PYASYNC_UPDATE_SNAPSHOTS=1 and run the tests to update them.
/// </summary>
public sealed class PyModuleSnapshotTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests/Generators.Tests/Snapshots");

    private static readonly Lazy<(Dictionary<string, string> Files, string[] Diagnostics)> s_generated = new(
        () => GeneratorDriverHelper.Run(new PyModuleGenerator(), OutputKind.DynamicallyLinkedLibrary, File.ReadAllText(Path.Combine(s_folder, "Shop.cs"))));

    public static TheoryData<string> Files => [.. s_generated.Value.Files.Keys];

    [Fact]
    public void Generate_OneOfEverything_Compiles() => s_generated.Value.Diagnostics.ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Files))]
    public void GeneratedFile_IsAsApproved(string name)
    {
        string path = Path.Combine(s_folder, name), actual = s_generated.Value.Files[name];
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", $"the code of {name} has changed");
    }

    [Fact]
    public void EverySnapshot_IsOfAFileThatIsGenerated() =>
        Directory.GetFiles(s_folder, "*.g.cs").Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(s_generated.Value.Files.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void GeneratedCode_IsSafeAndFreeOfReflection()
    {
        foreach ((string name, string text) in s_generated.Value.Files)
        {
            foreach (string word in (string[])["unsafe", "fixed (", "Reflection", "typeof(Shop", "typeof(global::Shop", "GetMethod", "dynamic"])
            {
                text.Replace("ModuleRegistry.Register(typeof(", "").ShouldNotContain(word, Case.Sensitive, name);
            }
        }
    }
}
