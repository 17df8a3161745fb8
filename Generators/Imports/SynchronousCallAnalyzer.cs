using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace PyAsync.Generators;

/// <summary>Reports calls in asynchronous code of methods that call Python on the calling thread, and so wait for the GIL there.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SynchronousCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Diagnostics.SynchronousCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        IMethodSymbol method = invocation.TargetMethod;
        if (method is { IsAbstract: true, ContainingType.TypeKind: TypeKind.Interface }
            && (ImportTypes.IsProxy(method.ContainingType) || ModuleReader.Has(method.ContainingType, ImportReader.ImportAttribute))
            && ResultShape.Of(method).Kind is ResultKind.Nothing or ResultKind.Value
            && IsInAsyncCode(invocation, context.ContainingSymbol))
        {
            string name = $"{method.ContainingType.Name}.{method.Name}";
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.SynchronousCall, invocation.Syntax.GetLocation(), name));
        }
    }

    private static bool IsInAsyncCode(IOperation operation, ISymbol containing)
    {
        for (IOperation? current = operation.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol.IsAsync;
                case ILocalFunctionOperation function:
                    return function.Symbol.IsAsync;
            }
        }

        return containing is IMethodSymbol { IsAsync: true };
    }
}
