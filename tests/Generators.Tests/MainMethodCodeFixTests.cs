using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using PyAsync.Analyzers;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class MainMethodCodeFixTests
{
    [Theory]
    [InlineData("internal async Task MainAsync() { }", "internal async static Task MainAsync() { }")]
    [InlineData("internal static void MainAsync() { }", "internal static async System.Threading.Tasks.Task MainAsync() { }")]
    [InlineData("internal static async void MainAsync() { }", "internal static async System.Threading.Tasks.Task MainAsync() { }")]
    [InlineData("internal static int MainAsync() => 0;", "internal static async System.Threading.Tasks.Task<int> MainAsync() => 0;")]
    [InlineData("private static Task MainAsync() => Task.CompletedTask;", "internal static Task MainAsync() => Task.CompletedTask;")]
    [InlineData("static Task MainAsync() => Task.CompletedTask;", "internal static Task MainAsync() => Task.CompletedTask;")]
    [InlineData("internal static Task Main() => Task.CompletedTask;", "internal static Task MainAsync() => Task.CompletedTask;")]
    [InlineData("internal static Task MainAsync(int count, string[] args) => Task.CompletedTask;", "internal static Task MainAsync(string[] args) => Task.CompletedTask;")]
    public Task Fix_WrongShape_CorrectsIt(string before, string after) =>
        Fixes($"internal class Program {{ [PyAsyncMain] {before} }}", $"internal class Program {{ [PyAsyncMain] {after} }}");

    [Theory]
    [InlineData("[PyAsyncMain] internal", "internal")]
    [InlineData("[PyAsync.PyAsyncMainAttribute, Obsolete] internal", "[Obsolete] internal")]
    [InlineData("[PyAsyncMain(Backend = \"mine\")]\n    // The second.\n    internal", "internal")]
    public Task Fix_SecondMain_RemovesTheAttribute(string before, string after)
    {
        const string First = "[PyAsyncMain] internal static Task First() => Task.CompletedTask;";
        const string Second = "static Task Second() => Task.CompletedTask;";
        return Fixes($"internal class Program {{ {First} {before} {Second} }}", $"internal class Program {{ {First} {after} {Second} }}");
    }

    [Fact]
    public Task Fix_OtherEntryPoint_RemovesTheAttribute() => Fixes(
        "return 1;\ninternal class Program { [PyAsyncMain] internal static Task First() => Task.CompletedTask; }",
        "return 1;\ninternal class Program { internal static Task First() => Task.CompletedTask; }");

    private static async Task Fixes(string source, string expected)
    {
        CSharpCompilation compilation = GeneratorDriverHelper.Compilation(source);
        GeneratorDriverHelper.Driver(new PyAsyncMainGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out _, out var diagnostics);
        using var workspace = new AdhocWorkspace();
        Document document = workspace.AddProject("Program", LanguageNames.CSharp).AddDocument("File1.cs", source);
        var actions = new List<CodeAction>();
        var context = new CodeFixContext(document, diagnostics.Single(), (action, _) => actions.Add(action), CancellationToken.None);

        await new MainMethodCodeFix().RegisterCodeFixesAsync(context);

        ApplyChangesOperation change = (await actions.Single().GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        string corrected = (await change.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
        corrected.ShouldBe(expected);
    }
}
