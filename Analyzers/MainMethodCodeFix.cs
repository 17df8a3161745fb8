using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PyAsync.Analyzers;

/// <summary>
/// Corrects a method marked <c>[PyAsyncMain]</c>: makes it static, async Task, with supported parameters, accessible, and not itself an entry point; or
/// removes a superfluous attribute.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MainMethodCodeFix : CodeFixProvider
{
    private const string NotStatic = "PYASYNC001";
    private const string ReturnType = "PYASYNC002";
    private const string Parameter = "PYASYNC003";
    private const string NotReachable = "PYASYNC004";
    private const string EntryPoint = "PYASYNC005";
    private const string SecondMain = "PYASYNC006";
    private const string OtherEntryPoint = "PYASYNC007";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [NotStatic, ReturnType, Parameter, NotReachable, EntryPoint, SecondMain, OtherEntryPoint];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode? node = root?.FindNode(diagnostic.Location.SourceSpan);
            if (node?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method)
            {
                continue;
            }

            (string Title, MethodDeclarationSyntax Corrected)? fix = diagnostic.Id switch
            {
                NotStatic => ("Make it static", method.AddModifiers(Token(SyntaxKind.StaticKeyword))),
                ReturnType => ("Return Task", ReturnTask(method)),
                Parameter when node.FirstAncestorOrSelf<ParameterSyntax>() is { } parameter => ("Remove the parameter", method.RemoveNode(parameter, SyntaxRemoveOptions.KeepNoTrivia)!),
                NotReachable when method.TypeParameterList is null => ("Make it internal", MakeInternal(method)),
                EntryPoint => ("Name it MainAsync", method.WithIdentifier(SyntaxFactory.Identifier("MainAsync").WithTriviaFrom(method.Identifier))),
                SecondMain or OtherEntryPoint => ("Remove [PyAsyncMain]", RemoveMark(method)),
                _ => null,
            };
            if (fix is var (title, corrected))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(method, corrected))), diagnostic.Id),
                    diagnostic);
            }
        }
    }

    private static MethodDeclarationSyntax ReturnTask(MethodDeclarationSyntax method)
    {
        bool givesExitCode = method.ReturnType.ToString() == "int";
        TypeSyntax type = SyntaxFactory.ParseTypeName(givesExitCode ? "System.Threading.Tasks.Task<int>" : "System.Threading.Tasks.Task")
            .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation);
        MethodDeclarationSyntax corrected = method.WithReturnType(type.WithTriviaFrom(method.ReturnType));
        return method.Modifiers.Any(SyntaxKind.AsyncKeyword) ? corrected : corrected.AddModifiers(Token(SyntaxKind.AsyncKeyword));
    }

    private static MethodDeclarationSyntax MakeInternal(MethodDeclarationSyntax method)
    {
        SyntaxToken existing = method.Modifiers.FirstOrDefault(static modifier => modifier.IsKind(SyntaxKind.PrivateKeyword) || modifier.IsKind(SyntaxKind.ProtectedKeyword));
        return existing != default
            ? method.ReplaceToken(existing, SyntaxFactory.Token(SyntaxKind.InternalKeyword).WithTriviaFrom(existing))
            : method.WithModifiers(method.Modifiers.Insert(0, Token(SyntaxKind.InternalKeyword)));
    }

    private static MethodDeclarationSyntax RemoveMark(MethodDeclarationSyntax method)
    {
        AttributeSyntax mark = method.AttributeLists.SelectMany(static list => list.Attributes)
            .First(static attribute => attribute.Name.ToString().EndsWith("PyAsyncMain", StringComparison.Ordinal)
                || attribute.Name.ToString().EndsWith("PyAsyncMainAttribute", StringComparison.Ordinal));
        var list = (AttributeListSyntax)mark.Parent!;
        return list.Attributes.Count > 1
            ? method.RemoveNode(mark, SyntaxRemoveOptions.KeepNoTrivia)!
            : method.WithAttributeLists(method.AttributeLists.Remove(list)).WithLeadingTrivia(method.GetLeadingTrivia());
    }

    private static SyntaxToken Token(SyntaxKind kind) => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
}
