using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PyAsync.Generators;

/// <summary>Generates the converters of types that are marked <c>[PyRecord]</c>, and of enums that are marked <c>[PyEnum]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class PyRecordGenerator : IIncrementalGenerator
{
    /// <summary>The name of the pipeline's last step, with which tests check that it is cached.</summary>
    internal const string RecordsStep = "Records";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<RecordModel> records = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                TypeMapper.RecordAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (match, _) => RecordTypeReader.Read((INamedTypeSymbol)match.TargetSymbol, match.Attributes[0]));
        context.RegisterSourceOutput(records, static (output, record) => Report(output, record.Problems));

        // Without locations, which change with every line above.
        IncrementalValuesProvider<RecordModel> sources = records.Where(static record => record.Problems.Length == 0)
            .Select(static (record, _) => record with { Location = null }).WithTrackingName(RecordsStep);
        context.RegisterSourceOutput(sources, static (output, record) => Add(output, record.EmittedName, RecordEmitter.Emit(record)));

        IncrementalValuesProvider<EnumFormModel> enums = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                EnumTexts.EnumAttribute,
                static (node, _) => node is EnumDeclarationSyntax,
                static (match, _) => EnumFormReader.Read((INamedTypeSymbol)match.TargetSymbol, match.Attributes[0]));
        context.RegisterSourceOutput(enums, static (output, type) =>
        {
            Report(output, type.Problems);
            if (type.Problems.Length == 0)
            {
                Add(output, type.EmittedName, RecordEmitter.Emit(type));
            }
        });
    }

    private static void Report(SourceProductionContext output, EquatableArray<DiagnosticInfo> problems)
    {
        foreach (DiagnosticInfo problem in problems)
        {
            output.ReportDiagnostic(problem.ToDiagnostic());
        }
    }

    private static void Add(SourceProductionContext output, string name, string text) => output.AddSource(name + ".g.cs", SourceText.From(text, Encoding.UTF8));
}
