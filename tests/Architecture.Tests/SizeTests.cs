using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Limits the length of source files: a longer file usually holds two ideas. Snapshots of generated code are exempt.</summary>
public sealed class SizeTests
{
    private const int MaxLines = 300;

    [Fact]
    public void SourceFiles_HaveAtMost300Lines() =>
        Repository.Files("*.cs").Concat(Repository.Files("*.py"))
            .Where(static file => !file.Contains("/Snapshots/"))
            .Select(static file => (File: file, Lines: Repository.Read(file).AsSpan().Count('\n')))
            .Where(static entry => entry.Lines > MaxLines)
            .Select(static entry => $"{entry.File}: {entry.Lines}")
            .ShouldBeEmpty("Split the file by topic, as a partial class or into two classes.");
}
