using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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
        // Without locations, which change with every line above.
        IncrementalValuesProvider<RecordModel> records = context.ReadMarked<TypeDeclarationSyntax, RecordModel>(TypeMapper.RecordAttribute, RecordTypeReader.Read)
            .Select(static (record, _) => record with { Location = null }).WithTrackingName(RecordsStep);
        context.AddFiles(records, static record => record.EmittedName, RecordEmitter.Emit);

        IncrementalValuesProvider<EnumFormModel> enums = context.ReadMarked<EnumDeclarationSyntax, EnumFormModel>(EnumTexts.EnumAttribute, EnumFormReader.Read);
        context.AddFiles(enums, static type => type.EmittedName, RecordEmitter.Emit);
    }
}
