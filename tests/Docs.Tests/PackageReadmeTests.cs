using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The readme that a package feed shows.</summary>
public sealed class PackageReadmeTests
{
    private const string Page = MarkdownExamples.PackageReadme;

    /// <summary>On a feed a relative link has no target.</summary>
    [Fact]
    public void Links_AreAbsolute() =>
        Regex.Matches(Repository.Read(Page), @"\]\((?!https:)[^)]*\)").Select(link => link.Value).ShouldBeEmpty();

    /// <summary>The README's examples are compiled and run, so these are too.</summary>
    [Fact]
    public void Examples_AreTheReadmes()
    {
        string[] tested = [.. MarkdownExamples.Of("README.md").Select(block => block.Text)];

        MarkdownExamples.Of(Page).Where(block => !tested.Contains(block.Text)).Select(block => $"{Page}:{block.Line}").ShouldBeEmpty();
    }

    [Fact]
    public void Table_NamesEveryPackage()
    {
        IEnumerable<string> named = Regex.Matches(Repository.Read(Page), @"^\| (?<packages>`[^|]*)\|", RegexOptions.Multiline)
            .SelectMany(row => Regex.Matches(row.Groups["packages"].Value, "`(?<id>[^`]+)`"))
            .Select(package => package.Groups["id"].Value);

        named.ShouldBe(Repository.Shipped.Select(package => package.Id), ignoreOrder: true);
    }
}
