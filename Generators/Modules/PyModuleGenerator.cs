using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

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
        context.RegisterSourceOutput(project, static (output, project) => output.Report(project.Problems));

        IncrementalValuesProvider<ModuleSource> sources = project.SelectMany(static (project, _) => project.Sources).WithTrackingName(SourcesStep);
        context.AddFiles(sources, static source => source.Module.EntryType + ".Manifest", ModuleEmitter.EmitManifest);
        context.AddFiles(
            sources.Select(static (source, _) => (source.Module, Classes: source.Classes.Select(static type => type.Entry).ToEquatableArray(), source.Enums)),
            static source => source.Module.EntryType,
            static source => ModuleEmitter.Emit(source.Module, source.Classes, source.Enums));
        context.AddFiles(
            sources.SelectMany(static (source, _) => source.Classes.Select(type => (source.Module.EntryType, Class: type))),
            static source => $"{source.EntryType}.{source.Class.Entry.EmittedName}",
            static source => ClassEmitter.Emit(source.EntryType, source.Class));
    }

    private static IncrementalValueProvider<ImmutableArray<StrayMember>> Strays(
        IncrementalGeneratorInitializationContext context, string attribute, Func<ISymbol, AttributeData, StrayMember?> read) => context.SyntaxProvider
        .ForAttributeWithMetadataName(attribute, static (_, _) => true, (match, _) => read(match.TargetSymbol, match.Attributes[0]))
        .SelectMany(static (stray, _) => stray is null ? ImmutableArray<StrayMember>.Empty : [stray])
        .Collect();

    /// <summary>Gets the name of the module after which the file is named that is compiled ahead of time; null if there is none.</summary>
    private static string? FileName(AnalyzerConfigOptions options) =>
        options.TryGetValue("build_property.PublishAot", out string? aot) && bool.TryParse(aot, out bool isAot) && isAot
        && !(options.TryGetValue("build_property.PyModule", out string? module) && bool.TryParse(module, out bool isModule) && !isModule)
        && options.TryGetValue("build_property.PyModuleName", out string? name) && name.Length > 0
            ? name
            : null;
}
