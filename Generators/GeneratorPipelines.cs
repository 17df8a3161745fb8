using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PyAsync.Generators;

/// <summary>The data of a marked type on which the generated code depends, and the errors in the type.</summary>
internal interface IMarkedType
{
    EquatableArray<DiagnosticInfo> Problems { get; }
}

/// <summary>The steps that the generators have in common.</summary>
internal static class GeneratorPipelines
{
    /// <summary>Reads the types that are marked with an attribute, reports the errors in them, and returns the types without errors.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="attribute">The attribute's full name.</param>
    /// <param name="read">Reads a type.</param>
    /// <typeparam name="TSyntax">The kind of declaration that can be marked.</typeparam>
    /// <typeparam name="T">The data of a type.</typeparam>
    public static IncrementalValuesProvider<T> ReadMarked<TSyntax, T>(
        this IncrementalGeneratorInitializationContext context, string attribute, Func<INamedTypeSymbol, AttributeData, T> read)
        where TSyntax : SyntaxNode
        where T : IMarkedType
    {
        IncrementalValuesProvider<T> types = context.SyntaxProvider.ForAttributeWithMetadataName(
            attribute, static (node, _) => node is TSyntax, (match, _) => read((INamedTypeSymbol)match.TargetSymbol, match.Attributes[0]));
        context.RegisterSourceOutput(types, static (output, type) => output.Report(type.Problems));
        return types.Where(static type => type.Problems.Length == 0);
    }

    /// <summary>Adds a file for each item. Each file depends only on its own item: other changes do not affect it.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="items">The items.</param>
    /// <param name="name">Gets the file's name, without its ending.</param>
    /// <param name="emit">Writes the file.</param>
    public static void AddFiles<T>(
        this IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<T> items, Func<T, string> name, Func<T, string> emit)
    {
        IncrementalValueProvider<EquatableArray<string>> alike = items.Select((item, _) => name(item)).Collect().Select(static (names, _) => Alike(names));
        context.RegisterSourceOutput(items.Combine(alike), (output, file) => output.AddFile(Distinct(name(file.Left), file.Right), emit(file.Left)));
    }

    /// <summary>Adds a file.</summary>
    /// <param name="output">The compilation's new files.</param>
    /// <param name="name">The file's name, without its ending.</param>
    /// <param name="text">The file's text.</param>
    public static void AddFile(this SourceProductionContext output, string name, string text) => output.AddSource(name + ".g.cs", SourceText.From(text, Encoding.UTF8));

    public static void Report(this SourceProductionContext output, IEnumerable<DiagnosticInfo> problems)
    {
        foreach (DiagnosticInfo problem in problems)
        {
            output.ReportDiagnostic(problem.ToDiagnostic());
        }
    }

    /// <summary>Finds names that differ in the case of letters only: the compiler distinguishes types by it, but not generated files.</summary>
    private static EquatableArray<string> Alike(ImmutableArray<string> names) => names
        .GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
        .Where(static same => same.Count() > 1)
        .SelectMany(static same => same)
        .OrderBy(static name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>Appends a number to the second and further ones of names that differ in the case of letters only.</summary>
    private static string Distinct(string name, EquatableArray<string> alike)
    {
        int earlier = alike.Count(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase) && string.CompareOrdinal(other, name) < 0);
        return earlier == 0 ? name : $"{name}-{earlier + 1}";
    }
}
