using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>The kind of a method's result, and the type of its value or items; null for none.</summary>
internal readonly struct ResultShape
{
    internal const string Token = "System.Threading.CancellationToken";

    private ResultShape(ResultKind kind, ITypeSymbol? type, bool isValueTask = false)
    {
        Kind = kind;
        Type = type;
        IsValueTask = isValueTask;
    }

    public ResultKind Kind { get; }

    public ITypeSymbol? Type { get; }

    public bool IsValueTask { get; }

    public static ResultShape Of(IMethodSymbol method) => Of(method.ReturnType, method.ReturnsVoid);

    public static ResultShape Of(ITypeSymbol type, bool isVoid = false) => isVoid ? new ResultShape(ResultKind.Nothing, null) : type.OriginalDefinition.ToDisplayString() switch
    {
        "System.Threading.Tasks.Task" => new ResultShape(ResultKind.Task, null),
        "System.Threading.Tasks.ValueTask" => new ResultShape(ResultKind.Task, null, isValueTask: true),
        "System.Threading.Tasks.Task<TResult>" => new ResultShape(ResultKind.Task, Argument(type)),
        "System.Threading.Tasks.ValueTask<TResult>" => new ResultShape(ResultKind.Task, Argument(type), isValueTask: true),
        "System.Collections.Generic.IAsyncEnumerable<T>" => new ResultShape(ResultKind.Stream, Argument(type)),
        _ => new ResultShape(ResultKind.Value, type),
    };

    private static ITypeSymbol Argument(ITypeSymbol type) => ((INamedTypeSymbol)type).TypeArguments[0];
}
