using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PyAsync.Generators;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>Compiles generated files, with the source generators of the package.</summary>
internal static class GeneratedCode
{
    private static readonly Lazy<MetadataReference[]> s_references = new(static () =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(static path => path != typeof(GeneratedCode).Assembly.Location).Select(static path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Returns the warnings and errors of the generators and of the compiler.</summary>
    public static string[] Problems(params string[] sources)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Bound",
            sources.Select(static (source, i) => CSharpSyntaxTree.ParseText(source, path: $"File{i}.cs")),
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        // Every generator of the package.
        ISourceGenerator[] generators =
        [
            .. typeof(PyAsyncMainGenerator).Assembly.GetTypes()
                .Where(static type => !type.IsAbstract && typeof(IIncrementalGenerator).IsAssignableFrom(type))
                .Select(static type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator()),
        ];
        CSharpGeneratorDriver.Create(generators).RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out var problems);
        complete.SyntaxTrees.Count().ShouldBeGreaterThan(sources.Length, "The generators have implemented nothing.");
        return
        [
            .. problems.Concat(complete.GetDiagnostics())
                .Where(static problem => problem.Severity >= DiagnosticSeverity.Warning)
                .Select(static problem => $"{problem.Id} {problem.Location.GetLineSpan()}: {problem.GetMessage()} <- {problem.Location.SourceTree?.GetText().Lines[problem.Location.GetLineSpan().StartLinePosition.Line]}"),
        ];
    }
}
