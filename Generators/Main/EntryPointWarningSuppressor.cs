using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PyAsync.Generators;

/// <summary>Suppresses "will not be used as an entry point" for a method named Main that is marked <c>[PyAsyncMain]</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EntryPointWarningSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_descriptor = new("PYASYNCSPR001", "CS8892", "[PyAsyncMain] generates the entry point");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [s_descriptor];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
            {
                continue;
            }

            SyntaxNode node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            ISymbol? symbol = context.GetSemanticModel(tree).GetDeclaredSymbol(node, context.CancellationToken);
            if (symbol is not null && MainMethod.IsMarked(symbol))
            {
                context.ReportSuppression(Suppression.Create(s_descriptor, diagnostic));
            }
        }
    }
}
