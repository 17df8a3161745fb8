using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PyAsync.Generators;

/// <summary>Generates a Python module for each class that is marked <c>[PyModule]</c>, and Python classes for those marked <c>[PyClass]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class PyModuleGenerator : IIncrementalGenerator
{
    /// <summary>The names of the pipeline's steps, with which tests check that they are cached.</summary>
    internal const string ModulesStep = "Modules";

    /// <inheritdoc cref="ModulesStep"/>
    internal const string ClassesStep = "Classes";

    /// <inheritdoc cref="ModulesStep"/>
    internal const string SourcesStep = "Sources";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<ModuleModel>> modules = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ModuleReader.ModuleAttribute,
                static (node, _) => node is ClassDeclarationSyntax,
                static (match, cancellationToken) => ModuleReader.Read((INamedTypeSymbol)match.TargetSymbol, match.Attributes[0], cancellationToken))
            .WithTrackingName(ModulesStep)
            .Collect();
        IncrementalValueProvider<ImmutableArray<ClassModel>> classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ClassReader.ClassAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (match, cancellationToken) => ClassReader.Read((INamedTypeSymbol)match.TargetSymbol, cancellationToken))
            .WithTrackingName(ClassesStep)
            .Collect();
        IncrementalValueProvider<ImmutableArray<StrayMember>> strays = Strays(context, FunctionReader.FunctionAttribute, StrayReader.ReadAny)
            .Combine(Strays(context, ModuleReader.InitAttribute, StrayReader.ReadModules))
            .Combine(Strays(context, ConstantReader.ConstantAttribute, StrayReader.ReadModules))
            .Select(static (all, _) => all.Left.Left.AddRange(all.Left.Right).AddRange(all.Right));
        IncrementalValueProvider<string?> file = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => FileName(options.GlobalOptions));
        IncrementalValueProvider<Project> project = modules.Combine(classes).Combine(strays).Combine(file).Select(static (input, _) =>
        {
            (((ImmutableArray<ModuleModel> modules, ImmutableArray<ClassModel> classes), ImmutableArray<StrayMember> strays), string? file) = input;
            return new Project(modules.ToEquatableArray(), classes.ToEquatableArray(), strays.ToEquatableArray(), file);
        });
        context.RegisterSourceOutput(project, static (output, project) =>
        {
            foreach (DiagnosticInfo problem in project.Problems)
            {
                output.ReportDiagnostic(problem.ToDiagnostic());
            }
        });

        // Each file depends only on its own model: other changes do not affect it.
        IncrementalValuesProvider<ModuleSource> sources = project.SelectMany(static (project, _) => project.Sources).WithTrackingName(SourcesStep);
        context.RegisterSourceOutput(sources, static (output, source) =>
            Add(output, source.Module.EntryType + ".Manifest", ModuleEmitter.EmitManifest(source)));
        context.RegisterSourceOutput(
            sources.Select(static (source, _) => (source.Module, Classes: source.Classes.Select(static type => type.Entry).ToEquatableArray(), source.Enums)),
            static (output, source) => Add(output, source.Module.EntryType, ModuleEmitter.Emit(source.Module, source.Classes, source.Enums)));
        context.RegisterSourceOutput(
            sources.SelectMany(static (source, _) => source.Classes.Select(type => (source.Module.EntryType, Class: type))),
            static (output, source) => Add(output, $"{source.EntryType}.{source.Class.Entry.EmittedName}", ClassEmitter.Emit(source.EntryType, source.Class)));
    }

    private static IncrementalValueProvider<ImmutableArray<StrayMember>> Strays(
        IncrementalGeneratorInitializationContext context, string attribute, Func<ISymbol, AttributeData, StrayMember?> read) => context.SyntaxProvider
        .ForAttributeWithMetadataName(attribute, static (_, _) => true, (match, _) => read(match.TargetSymbol, match.Attributes[0]))
        .SelectMany(static (stray, _) => stray is null ? ImmutableArray<StrayMember>.Empty : [stray])
        .Collect();

    private static void Add(SourceProductionContext output, string name, string text) => output.AddSource(name + ".g.cs", SourceText.From(text, Encoding.UTF8));

    /// <summary>Gets the name of the module after which the file is named that is compiled ahead of time; null if there is none.</summary>
    private static string? FileName(AnalyzerConfigOptions options) =>
        options.TryGetValue("build_property.PublishAot", out string? aot) && bool.TryParse(aot, out bool isAot) && isAot
        && !(options.TryGetValue("build_property.PyModule", out string? module) && bool.TryParse(module, out bool isModule) && !isModule)
        && options.TryGetValue("build_property.PyModuleName", out string? name) && name.Length > 0
            ? name
            : null;
}
