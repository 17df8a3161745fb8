using System.Text;
using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Writes the expression that makes a Python function of a delegate.</summary>
internal static class CallbackEmitter
{
    /// <summary>Writes the converter of a delegate type; null if a type in it has no converter.</summary>
    /// <param name="type">The delegate's full name.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="source">The delegate's parameter, for messages.</param>
    /// <param name="invoke">The delegate's parameters and result.</param>
    /// <param name="types">Maps the types.</param>
    public static string? Emit(string type, string name, string source, IMethodSymbol invoke, ImportTypes types)
    {
        ResultShape result = ResultShape.Of(invoke);
        bool isAsync = result.Kind == ResultKind.Task;
        bool takesToken = isAsync && invoke.Parameters.Length > 0 && invoke.Parameters[invoke.Parameters.Length - 1].Type.ToDisplayString() == ResultShape.Token;
        int count = invoke.Parameters.Length - (takesToken ? 1 : 0);
        TypeModel? value = result.Type is null ? null : types.Map(result.Kind == ResultKind.Stream ? invoke.ReturnType : result.Type);
        if ((value is null && result.Type is not null) || invoke.Parameters.Any(static parameter => parameter.RefKind != RefKind.None))
        {
            return null;
        }

        var fields = new StringBuilder();
        var reads = new StringBuilder($"arguments.ThrowIfNotOf({count}, {SourceWriter.Literal($"the C# delegate {source}")});");
        for (int i = 0; i < count; i++)
        {
            // Without delegates: a Python function has no form as a delegate.
            if (new ImportTypes().Map(invoke.Parameters[i].Type) is not { } argument)
            {
                return null;
            }

            fields.Append($"PyConverter<{argument.CSharp}> c{i} = {argument.Converter}; ");
            reads.Append($" {argument.CSharp} a{i} = arguments.Get({i}, c{i});");
        }

        fields.Append(value is null ? "" : $"PyConverter<{value.CSharp}> result = {value.Converter}; ");
        string call = $"body({string.Join(", ", Enumerable.Range(0, count).Select(static i => $"a{i}").Concat(takesToken ? ["cancellationToken"] : []))})";
        return $"TypedConvert.Callback<{type}>(Runtime, static (Runtime, body) => {{ {fields}return {Function(name, result, value, reads.ToString(), call, takesToken)}; }})";
    }

    /// <summary>Finds a token that the delegate cannot be given; null if there is none.</summary>
    public static string? WrongToken(IMethodSymbol invoke)
    {
        int token = invoke.Parameters.ToList().FindIndex(static parameter => parameter.Type.ToDisplayString() == ResultShape.Token);
        return token < 0 ? null
            : ResultShape.Of(invoke).Kind != ResultKind.Task ? "is a delegate that takes a CancellationToken and is not asynchronous, so that Python cannot cancel it: let it return a Task, or remove the token"
            : token < invoke.Parameters.Length - 1 ? "is a delegate whose CancellationToken is not the last parameter: move it to the end"
            : null;
    }

    private static string Function(string name, ResultShape result, TypeModel? value, string reads, string call, bool takesToken)
    {
        string literal = SourceWriter.Literal(name);
        if (result.Kind != ResultKind.Task)
        {
            return $"TypedConvert.Function({literal}, arguments => {{ {reads} {(value is null ? $"{call}; return null;" : $"return PyObject.From({call}, result);")} }})";
        }

        string task = result.IsValueTask ? $"{call}.AsTask()" : call;
        return $"TypedConvert.Function<{value?.CSharp ?? "object?"}>(Runtime, {literal}, {SourceWriter.Literal(takesToken)}, arguments => {{ {reads} "
            + $"return cancellationToken => {(value is null ? $"TypedConvert.NoResultAsync({task})" : task)}; }}, {(value is null ? "PyConvert.None" : "result")})";
    }
}
