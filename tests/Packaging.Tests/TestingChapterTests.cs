using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The files of the guide's chapter on testing, as they stand there, in a fresh project.</summary>
public sealed class TestingChapterTests(PackageFeed feed)
{
    [Theory]
    [InlineData("testing", false)]
    [InlineData("testing-platform", true)]
    public async Task DotnetTest_RunsTheTests_AndFailsIfOneFails(string name, bool hasRunner)
    {
        (string Path, string Text)[] files = Files(hasRunner, hasXunit: false);
        string folder = feed.NewProject(name, files);
        await RunsTheTests(folder, hasRunner);

        (await feed.Dotnet(folder, "run", "--no-build", "--", "-noColor")).ShouldContain("Total: 1, Errors: 0, Failed: 0");

        (string path, string text) = files.Single(static file => file.Path == "ApplicationTests.cs");
        await File.WriteAllTextAsync(Path.Combine(folder, path), text.Replace("Assert.Equal(0,", "Assert.Equal(1,"));
        Exception? failure = await Record.ExceptionAsync(() => feed.Dotnet(folder, "test", "--no-restore"));
        failure.ShouldNotBeNull().Message.ShouldMatch(hasRunner ? "failed: 1" : "Failed: 1");
    }

    [Theory]
    [InlineData("testing-xunit", false)]
    [InlineData("testing-platform-xunit", true)]
    public Task DotnetTest_BesideXunitsPackage_RunsTheTests(string name, bool hasRunner) => RunsTheTests(feed.NewProject(name, Files(hasRunner, hasXunit: true)), hasRunner);

    private async Task RunsTheTests(string folder, bool hasRunner)
    {
        string output = await feed.Dotnet(folder, "test");

        Regex.IsMatch(output, hasRunner ? "succeeded: 1" : "Passed: 1").ShouldBeTrue(output);
    }

    private static (string Path, string Text)[] Files(bool hasRunner, bool hasXunit)
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

        return [.. files.Select(static file => (file.Key, file.Value))];
    }
}
