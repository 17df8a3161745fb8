using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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
        IncrementalValuesProvider<ImportModel> models = context.ReadMarked<InterfaceDeclarationSyntax, ImportModel>(attribute, ImportReader.Read).WithTrackingName(ModelsStep);
        context.AddFiles(models, static model => model.Name, ImportEmitter.Emit);
        context.AddFiles(
            models.Where(static model => model.Declaration is not null), static model => model.Name + ".Declaration", static model => ImportEmitter.EmitDeclaration(model.Declaration!));
    }
}
