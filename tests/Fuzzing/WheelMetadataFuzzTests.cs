using System.Text;
using PyAsync.Interop;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Whatever is in a project's properties and its README: METADATA has the headers that were meant, and no others.</summary>
public sealed class WheelMetadataFuzzTests
{
    private static readonly string[] s_pieces =
        ["a", " ", "\n", "\r", "\r\n", "\n\n", ":", "Name: evil", "\nName: evil", "\r\rVersion: 9", "\u0085", "\u2028", "\v", "\f", "\u001c", "\u001d", "\0", "ä", "€", "\ud83d\ude00", "\ud800", ";", ",", "=?utf-8?q?x?=", "\t"];

    private static readonly string[] s_properties = ["Description", "PackageTags", "Authors", "PackageLicenseExpression", "PackageProjectUrl", "RepositoryUrl", "RequiresPython"];

    [Fact]
    public void Metadata_HasTheHeadersThatWereMeant()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, readme = Path.Combine(folder, "README.md");
        using PyObject module = PyObject.ImportSource(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "metadata.py")), "fuzz_metadata");
        using PyObject read = module.GetAttr("read");
        Fuzz.Run(nameof(WheelMetadataFuzzTests), seed =>
        {
            var random = new Random(seed);
            var properties = new Dictionary<string, string> { ["AssemblyName"] = "fast", ["PackageId"] = "Fast", ["Version"] = "1.0.0", ["MSBuildProjectDirectory"] = folder };
            foreach (string property in s_properties.Where(_ => random.Next(2) == 0))
            {
                properties[property] = Text(random);
            }

            string[] licences = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text(random))];
            string description = Text(random);
            File.WriteAllBytes(readme, Encoding.UTF8.GetBytes(description)); // Half a character becomes U+FFFD.

            string text = new WheelMetadata(new ProjectProperties(properties)).Metadata(licences);

            // As it is once it has been written.
            using PyObject result = read.Call([Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))]);
            (string[][] headers, string body, string[] defects) = result.As<(string[][], string, string[])>();
            defects.ShouldBeEmpty();
            headers.Where(static header => header[0] is "Metadata-Version" or "Name" or "Version").Select(static header => header[1]).ShouldBe(["2.4", "Fast", "1.0.0"]);
            headers.Length.ShouldBe(text[..text.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Length);
            headers.Select(static header => header[0]).Except(Known).ShouldBeEmpty();
            headers.ShouldAllBe(static header => header[1].All(static letter => letter != '\n' && letter != '\r'));
            headers.Count(static header => header[0] == "License-File").ShouldBe(licences.Length);
            body.ReplaceLineEndings("\n").ShouldBe(File.ReadAllText(readme).ReplaceLineEndings("\n"));
        });
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Known { get; } =
        ["Metadata-Version", "Name", "Version", "Summary", "Keywords", "Author", "License-Expression", "License-File", "Project-URL", "Requires-Python", "Description-Content-Type"];

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
}
