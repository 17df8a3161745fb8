using System.Reflection;
using PublicApiGenerator;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// The public API of each package, as text. A change of the API is visible in review as a change of these files: set PYASYNC_UPDATE_API=1 and run the test to update them.
/// </summary>
public sealed class ApiTests
{
    private static readonly ApiGeneratorOptions s_options = new()
    {
        IncludeAssemblyAttributes = false,

        // It has the file and line of each test, which depend on the location of the repository.
        ExcludeAttributes = [typeof(ConformanceFactAttribute).FullName!, typeof(FactAttribute).FullName!],
    };

    public static TheoryData<string> Packages => [.. Repository.Packages.Select(package => package.Id)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicApi_IsAsApproved(string assembly)
    {
        string path = Path.Combine(Repository.Root, "tests/Architecture.Tests/Api", assembly + ".txt");
        string actual = Assembly.Load(assembly).GeneratePublicApi(s_options).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_API") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", $"the public API of {assembly} has changed");
    }

    [Fact]
    public void EveryPackage_HasASnapshot()
    {
        Repository.Packages.Select(package => package.Id).Order()
            .ShouldBe(Directory.GetFiles(Path.Combine(Repository.Root, "tests/Architecture.Tests/Api")).Select(Path.GetFileNameWithoutExtension).Order());
    }
}
