using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The hint for calls that wait for the GIL in asynchronous code.</summary>
public sealed class SynchronousCallTests
{
    [Theory]
    [InlineData("static async Task M(IM m) { await Task.Yield(); m.Sync(); }", true)]
    [InlineData("static async Task M(IItem item) { await Task.Yield(); item.Sync(); }", true)]
    [InlineData("static void M(IM m) { Func<Task> f = async () => { await Task.Yield(); m.Sync(); }; }", true)]
    [InlineData("static async Task M(IM m) { await m.Async(); }", false)]
    [InlineData("static void M(IM m) { m.Sync(); }", false)]
    [InlineData("static async Task M(IM m) { await Task.Run(() => m.Sync()); }", false)]
    [InlineData("static async Task M(IItem item) { await Task.Yield(); item.Dispose(); }", false)]
    public async Task Call_InAsynchronousCode_IsReported(string method, bool isReported)
    {
        const string Interfaces = """
            [PyImport("m")] public interface IM { int Sync(); Task Async(); }
            [PyProxy] public interface IItem : System.IDisposable { int Sync(); }
            """;
        Compilation compilation = GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, Interfaces, $"static class C {{ {method} }}");

        var diagnostics = await compilation.WithAnalyzers([new SynchronousCallAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

        diagnostics.Select(static diagnostic => diagnostic.Id).ShouldBe(isReported ? ["PYASYNC048"] : []);
        diagnostics.ShouldAllBe(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Info && diagnostic.GetMessage(null).Contains(".Sync' calls Python on this thread"));
    }
}
