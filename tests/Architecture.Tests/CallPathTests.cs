using Mono.Cecil;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The page ARCHITECTURE.md: its length, and the calls that it shows for one await.</summary>
public sealed class CallPathTests
{
    private const string Start = "<!-- the call path -->\n```\n";
    private const int MaxCalls = 12;
    private const int MaxLines = 200;

    [Fact]
    public void Architecture_HasAtMost200Lines() => Text().Count('\n').ShouldBeLessThanOrEqualTo(MaxLines);

    [Fact]
    public void TheCallPath_HasAtMost12Calls_OfExistingMethods()
    {
        string text = Text();
        int start = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        start.ShouldBeGreaterThan(Start.Length, "ARCHITECTURE.md does not have the call path.");
        string[] calls = [.. text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Trim().Split(' ')[0])];
        TypeDefinition[] types = [.. ShippedAssembly.Get("PyAsync.Core").Module.Types];

        calls.Length.ShouldBeInRange(1, MaxCalls);
        calls.Where(call => !Exists(types, call.Split('.'))).ShouldBeEmpty("Name the type and the method as in the code.");
    }

    private static bool Exists(TypeDefinition[] types, string[] call) =>
        call is [var type, var method] && types.Any(found => found.Name.Split('`')[0] == type && found.Methods.Any(candidate => candidate.Name == method));

    private static string Text() => Repository.Read("ARCHITECTURE.md").ReplaceLineEndings("\n");
}
