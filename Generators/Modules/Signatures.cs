namespace PyAsync.Generators.Modules;

/// <summary>Writes a function's parameters in Python's syntax.</summary>
internal static class Signatures
{
    /// <summary>Writes the signature for <c>__text_signature__</c>, which has no types: <c>(seconds, result=None)</c>.</summary>
    public static string Text(FunctionModel function) =>
        $"({string.Join(", ", [.. Self(function, "$self", "/"), .. Parameters(function, static (parameter, name) => name, static value => "=" + value.Python)])})";

    /// <summary>Writes the signature for a stub: <c>(seconds: float, result: str | None = None)</c>.</summary>
    public static string Typed(FunctionModel function) =>
        $"({string.Join(", ", [.. Self(function, "self"), .. Parameters(function, static (parameter, name) => $"{name}: {parameter.Type!.Python}", static value => " = " + value.Stub)])})";

    private static string[] Self(FunctionModel function, params string[] self) => function.Self is null ? [] : self;

    private static IEnumerable<string> Parameters(FunctionModel function, Func<ParameterModel, string, string> name, Func<DefaultModel, string> defaultValue)
    {
        foreach (ParameterModel parameter in function.Arguments)
        {
            yield return name(parameter, parameter.PythonName) + (parameter.Default is { } value ? defaultValue(value) : "");
        }

        if (function.Rest is { } rest)
        {
            yield return name(rest, "*" + rest.PythonName);
        }
    }
}
