using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PyAsync.Generators;

/// <summary>Generates the implementations of interfaces that are marked <c>[PyImport]</c>, which describe Python modules, and <c>[PyProxy]</c>, which describe Python objects.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class PyImportGenerator : IIncrementalGenerator
{
    /// <summary>The name of the pipeline's step, with which tests check that it is cached.</summary>
    internal const string ModelsStep = "Imports";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Generate(context, ImportReader.ImportAttribute);
        Generate(context, ImportTypes.ProxyAttribute);
    }

    private static void Generate(IncrementalGeneratorInitializationContext context, string attribute)
    {
        IncrementalValuesProvider<ImportModel> models = context.SyntaxProvider.ForAttributeWithMetadataName(
            attribute,
            static (node, _) => node is InterfaceDeclarationSyntax,
            static (match, _) => ImportReader.Read((INamedTypeSymbol)match.TargetSymbol, match.Attributes[0]));
        context.RegisterSourceOutput(models.SelectMany(static (model, _) => model.Problems), static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));

        // Without the problems, whose locations change with every line above.
        IncrementalValuesProvider<ImportModel> sources = models.Where(static model => model.Problems.Length == 0).WithTrackingName(ModelsStep);
        context.RegisterSourceOutput(sources, static (output, model) =>
        {
            output.AddSource(model.Name + ".g.cs", SourceText.From(ImportEmitter.Emit(model), Encoding.UTF8));
            if (model.Declaration is { } declaration)
            {
                output.AddSource(model.Name + ".Declaration.g.cs", SourceText.From(ImportEmitter.EmitDeclaration(declaration), Encoding.UTF8));
            }
        });
    }
}
