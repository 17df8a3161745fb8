using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class WheelMetadataTests
{
    [Fact]
    public void Metadata_IsThatOfTheProject()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "README.md"), "# Hello\n");

        var metadata = new WheelMetadata(Properties(
            ("MSBuildProjectDirectory", folder), ("PackageId", "My.Fast-Things"), ("Version", "1.2.0-beta.1"), ("Authors", "A; B"),
            ("Description", "Fast\n  things."), ("PackageTags", "a;b c"), ("PackageLicenseExpression", "MIT"), ("PackageProjectUrl", "https://example.org"),
            ("RepositoryUrl", "https://example.org/git"), ("RequiresPython", ">=3.12")));
        Directory.Exists(folder).ShouldBeTrue();

        metadata.FileName.ShouldBe("my_fast_things-1.2.0b1");
        metadata.Metadata(["LICENSE"]).ShouldBe("""
            Metadata-Version: 2.4
            Name: My.Fast-Things
            Version: 1.2.0b1
            Summary: Fast things.
            Keywords: a,b,c
            Author: A, B
            License-Expression: MIT
            License-File: LICENSE
            Project-URL: Homepage, https://example.org
            Project-URL: Repository, https://example.org/git
            Requires-Python: >=3.12
            Description-Content-Type: text/markdown

            # Hello

            """.ReplaceLineEndings("\n"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Metadata_OfABareProject_HasNoDefaults() =>
        new WheelMetadata(Properties(("PackageId", "my_module"), ("Authors", "my_module"), ("Description", "Package Description"), ("Version", "1.0.0")))
            .Metadata([]).ShouldBe("Metadata-Version: 2.4\nName: my_module\nVersion: 1.0.0\nRequires-Python: >=3.11\n");

    [Fact]
    public void PythonVersion_ThatIsSet_IsTaken() =>
        new WheelMetadata(Properties(("Version", "1.0.0-ci.1.2"), ("PythonVersion", "1.0.0.post2"))).Version.ShouldBe("1.0.0.post2");

    [Fact]
    public void PythonVersion_ThatIsNone_IsRefused() =>
        Should.Throw<ToolException>(() => new WheelMetadata(Properties(("PythonVersion", "1.0-x")))).Message.ShouldBe(
            "<PythonVersion>1.0-x</PythonVersion> is not a version in Python (PEP 440), such as 1.2.0, 1.2.0b3 or 1.2.0.post1.");

    [Fact]
    public void Name_ThatPythonDoesNotTake_IsRefused() =>
        Should.Throw<ToolException>(() => new WheelMetadata(Properties(("PackageId", "größe")))).Message.ShouldStartWith(
            "The package's name \"größe\" is not valid in Python");

    [Theory]
    [InlineData("linux-x64", "cp311-abi3-linux_x86_64")]
    [InlineData("linux-arm64", "cp311-abi3-linux_aarch64")]
    [InlineData("linux-musl-x64", "cp311-abi3-linux_x86_64")]
    [InlineData("osx-arm64", "cp311-abi3-macosx_12_0_arm64")]
    [InlineData("win-x64", "cp311-abi3-win_amd64")]
    public void Tag_OfANativeModule_IsItsPlatform(string rid, string tag) => WheelTag.Native(rid).ToString().ShouldBe(tag);

    [Fact]
    public void Tag_OfAHostedModule_IsEveryPlatform_UnlessItIsForOne()
    {
        WheelTag.Hosted(null).ToString().ShouldBe("py3-none-any");
        WheelTag.Hosted("linux-x64").ToString().ShouldBe("py3-none-linux_x86_64");
    }

    [Fact]
    public void Tag_OfAnUnknownPlatform_IsRefused() =>
        Should.Throw<ToolException>(() => WheelTag.Native("ubuntu.24.04-x64")).Message.ShouldStartWith("Python has no name for the platform ubuntu.24.04-x64.");

    private static ProjectProperties Properties(params (string Name, string Value)[] values) => new(
        new Dictionary<string, string> { ["AssemblyName"] = "my_module", ["MSBuildProjectDirectory"] = "/nowhere" }
            .Concat(values.Select(value => KeyValuePair.Create(value.Name, value.Value)))
            .GroupBy(value => value.Key).ToDictionary(group => group.Key, group => group.Last().Value));
}
