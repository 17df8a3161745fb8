using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PyAsync.Tests;

/// <summary>Runs generators over source text as the compiler does.</summary>
internal static class GeneratorDriverHelper
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks; global using PyAsync; global using PyAsync.Interop;
        """;

    // Read once: compilations that share their references share the symbols of the metadata too.
    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];

    public static CSharpCompilation Compilation(params string[] sources) => Compilation(OutputKind.ConsoleApplication, sources);

    public static CSharpCompilation Compilation(OutputKind kind, params string[] sources) => CSharpCompilation.Create(
        "Program",
        sources.Prepend(ImplicitUsings).Select(static (source, i) => CSharpSyntaxTree.ParseText(source, path: $"File{i}.cs")),
        s_references,
        new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));

    public static GeneratorDriver Driver(IIncrementalGenerator generator) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Gets the generated files by name, and the diagnostics of the generator and then of the compiler.</summary>
    public static (Dictionary<string, string> Files, string[] Diagnostics) Run(IIncrementalGenerator generator, params string[] sources) =>
        Run(generator, OutputKind.ConsoleApplication, sources);

    /// <inheritdoc cref="Run(IIncrementalGenerator, string[])"/>
    public static (Dictionary<string, string> Files, string[] Diagnostics) Run(IIncrementalGenerator generator, OutputKind kind, params string[] sources)
    {
        GeneratorDriver driver = Driver(generator).RunGeneratorsAndUpdateCompilation(Compilation(kind, sources), out Compilation updated, out var diagnostics);
        Dictionary<string, string> files = driver.GetRunResult().Results.Single().GeneratedSources
            .ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());
        return (files, [.. diagnostics.Concat(updated.GetDiagnostics()).Where(static d => d.Severity >= DiagnosticSeverity.Warning).Select(Describe)]);
    }

    private static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.Id} line {diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1}: {diagnostic.GetMessage()}";
}
