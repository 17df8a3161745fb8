using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The files of the guide's chapter on testing, as they stand there, in a fresh project.</summary>
public sealed class TestingChapterTests(PackageFeed feed)
{
    [Theory]
    [InlineData("testing", false, false)]
    [InlineData("testing-platform", true, false)]
    [InlineData("testing-xunit", false, true)]
    [InlineData("testing-platform-xunit", true, true)]
    public async Task DotnetTest_RunsTheTests(string name, bool hasRunner, bool hasXunit)
    {
        string folder = feed.NewProject(name, Files(hasRunner, hasXunit, passes: true));

        string output = await feed.Dotnet(folder, "test");

        Regex.IsMatch(output, hasRunner ? "succeeded: 1" : "Passed: 1").ShouldBeTrue(output);
    }

    [Theory]
    [InlineData("testing-fails", false)]
    [InlineData("testing-platform-fails", true)]
    public async Task DotnetTest_TestThatFails_Fails(string name, bool hasRunner)
    {
        string folder = feed.NewProject(name, Files(hasRunner, hasXunit: false, passes: false));

        Exception? failure = await Record.ExceptionAsync(() => feed.Dotnet(folder, "test"));

        failure.ShouldNotBeNull().Message.ShouldMatch(hasRunner ? "failed: 1" : "Failed: 1");
    }

    [Fact]
    public async Task TheProgram_RunByItself_RunsTheTests()
    {
        string folder = feed.NewProject("testing-run", Files(hasRunner: false, hasXunit: false, passes: true));

        (await feed.Dotnet(folder, "run", "--", "-noColor")).ShouldContain("Total: 1, Errors: 0, Failed: 0");
    }

    private static (string Path, string Text)[] Files(bool hasRunner, bool hasXunit, bool passes)
    {
        string guide = Repository.Read("docs/guide.md").ReplaceLineEndings("\n");
        Dictionary<string, string> files = Regex.Matches(guide, @"<!-- project: (?<file>\S+) -->\n```\w+\n(?<text>.*?)```", RegexOptions.Singleline)
            .ToDictionary(static file => file.Groups["file"].Value, static file => file.Groups["text"].Value);
        files.Keys.ShouldBe(["MyTests.csproj", "Program.cs", "ApplicationTests.cs"]);
        if (hasRunner)
        {
            files["global.json"] = """{ "test": { "runner": "Microsoft.Testing.Platform" } }""";
        }

        if (hasXunit)
        {
            XElement project = XElement.Parse(files["MyTests.csproj"]);
            project.Add(new XElement("ItemGroup", new XElement("PackageReference", new XAttribute("Include", "xunit.v3"), new XAttribute("Version", "4.0.2"))));
            files["MyTests.csproj"] = project.ToString();
        }

        if (!passes)
        {
            files["ApplicationTests.cs"] = files["ApplicationTests.cs"].Replace("Assert.Equal(0,", "Assert.Equal(1,");
        }

        return [.. files.Select(static file => (file.Key, file.Value))];
    }
}
