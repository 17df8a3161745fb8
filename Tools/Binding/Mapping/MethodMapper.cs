using PyAsync.Generators.Modules;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Maps functions to methods of an interface.</summary>
/// <param name="mapper">Maps the hints.</param>
internal sealed class MethodMapper(HintMapper mapper)
{
    private const string Token = "CancellationToken";
    private readonly ParameterMapper _parameters = new(mapper);

    /// <summary>Gets the interfaces for functions that return a context manager: their names, and what the manager gives.</summary>
    public SortedDictionary<string, string> Scopes { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds the methods for a function to an interface: one, or one for each overload.</summary>
    /// <param name="target">The interface.</param>
    /// <param name="function">The function.</param>
    /// <param name="name">The C# name without <c>Async</c>.</param>
    /// <param name="pythonName">The name in Python: dotted for a member of a class of the module.</param>
    /// <param name="share">Counts the function; null for an inherited one, which is counted elsewhere.</param>
    /// <param name="result">A result that replaces the function's, for a constructor.</param>
    public void Add(CSharpInterface target, PythonFunction function, string name, string pythonName, HintShare? share, PythonHint? result = null)
    {
        PythonFunction[] overloads = function.Overloads is { Length: > 0 } several ? several : [function];
        bool isTyped = true;
        foreach (PythonFunction overload in overloads)
        {
            List<string> reasons = [];
            using Substitution substitution = OwnVariables(overload);
            (string returns, bool takesToken) = Returns(function with { Kind = overload.Kind == "function" ? function.Kind : overload.Kind }, result ?? overload.Result, name, reasons, result is not null);
            foreach (List<CSharpParameter> parameters in _parameters.Forms(overload, overloads.Length == 1, reasons))
            {
                // Each reason once, although there are several forms.
                AddForms(target, new CSharpMethod(name + "Async", null, returns, parameters, function.Doc, [.. reasons.Distinct()]), pythonName, takesToken);
            }

            isTyped &= !reasons.Any(static reason => reason.StartsWith("PyObject", StringComparison.Ordinal));
        }

        IEnumerable<PythonHint?> hints = overloads.SelectMany(static overload => overload.Parameters).Select(static parameter => parameter.Hint);
        share?.Add(result is null ? hints.Concat(overloads.Select(static overload => overload.Result)) : hints, isTyped);
    }

    /// <summary>
    /// Substitutes a type variable of the function alone: <c>def get(self, default: D) -> str | D</c> returns what it was given, or a <c>str</c>. In C# the default is a <c>string?</c>.
    /// </summary>
    private Substitution OwnVariables(PythonFunction function)
    {
        if (function.Result is { Kind: "union", Args: { } parts } && parts.Length > 1 && parts.FirstOrDefault(part => part is { Kind: "variable", Args: [] } && !mapper.IsSubstituted(part)) is { } own)
        {
            PythonHint none = HintMapper.Any with { Kind = "none" };
            return mapper.Substitute([own.Name!], [function.Result with { Args = [.. parts.Where(part => part != own), none] }]);
        }

        return mapper.Substitute(null, []);
    }

    /// <summary>Returns the attribute's argument for a name that does not follow from the rule.</summary>
    public static string? PyName(string name, string pythonName) => PythonNames.OfMethod(name) == pythonName ? null : pythonName;

    /// <summary>Returns the type that a method returns, and whether it takes a token.</summary>
    private (string Text, bool TakesToken) Returns(PythonFunction function, PythonHint? result, string name, List<string> reasons, bool isConstructor)
    {
        PythonHint? item = function.Kind == "asyncgenerator" ? HintMapper.Streamed(result) ?? result : function.Kind == "function" ? HintMapper.Streamed(result) : null;
        if (item is not null || function.Kind == "asyncgenerator")
        {
            return ($"IAsyncEnumerable<{Value(item, reasons).Text}>", true);
        }

        bool isManager = function.Kind is "asyncmanager" or "manager";
        PythonHint? managed = isManager ? result?.Args is { Length: > 0 } arguments ? arguments[0] : HintMapper.Any : function.Kind == "function" ? HintMapper.Managed(result) : null;
        if (managed is not null)
        {
            string scope = mapper.Names.New($"I{name}Scope");
            Scopes.Add(scope, Value(managed, reasons).Text);
            return ($"Task<{scope}>", true);
        }

        (PythonHint? awaited, bool isAwaited) = Unwrap(result);
        CSharpType type = Value(awaited, reasons);
        // A synchronous function that was started cannot be cancelled. One without a hint may return an awaitable.
        bool takesToken = !isConstructor && (function.Kind == "async" || isAwaited || (result is null && function.Kind == "function"));
        return (type.IsVoid ? "Task" : $"Task<{type.Text}>", takesToken);
    }

    private (PythonHint? Hint, bool IsAwaited) Unwrap(PythonHint? result)
    {
        if (mapper.Awaited(result) is { } awaited)
        {
            return (awaited, true);
        }

        if (result is { Kind: "union" } && result.Args!.Any(part => mapper.Awaited(part) is not null))
        {
            return (result with { Args = [.. result.Args!.Select(part => mapper.Awaited(part) ?? part)] }, true);
        }

        return (result, false);
    }

    private CSharpType Value(PythonHint? hint, List<string> reasons)
    {
        CSharpType type = mapper.Map(hint, Place.Result);
        if (type.Reason is string reason)
        {
            reasons.Insert(0, $"PyObject, the result: {reason}.");
        }

        return type;
    }

    private static void AddForms(CSharpInterface target, CSharpMethod method, string pythonName, bool takesToken)
    {
        CSharpParameter? several = method.Parameters.FirstOrDefault(static parameter => parameter.Attributes.EndsWith("params ", StringComparison.Ordinal));
        if (several is null)
        {
            CSharpParameter[] token = takesToken ? [new CSharpParameter("", Token, "cancellationToken", "default", "", null)] : [];
            AddUnique(target, method with { Parameters = [.. method.Parameters, .. token] }, pythonName);
            return;
        }

        // C# fills parameters in order: optional keywords before `params` would take its arguments. So they have a method in which they are required.
        List<CSharpParameter> keywords = [.. method.Parameters.Where(static parameter => parameter.Default is not null && (parameter.Attributes.Contains("[PyKeyword]", StringComparison.Ordinal) || parameter.Attributes.Contains("[PyKwargs]", StringComparison.Ordinal)))];
        AddUnique(target, method with { Parameters = [.. method.Parameters.Except(keywords)] }, pythonName);
        if (keywords.Count > 0)
        {
            IEnumerable<CSharpParameter> required = method.Parameters.Select(parameter => parameter == several || !keywords.Contains(parameter) ? parameter with { Default = null } : parameter with
            {
                Default = null,
                Type = parameter.Default == "default" || parameter.Attributes.Contains("[PyKwargs]", StringComparison.Ordinal) ? parameter.Type : $"PyOptional<{parameter.Type}>",
            });
            AddUnique(target, method with { Name = method.Name[..^"Async".Length] + "WithAsync", Parameters = [.. required] }, pythonName);
        }
    }

    private static void AddUnique(CSharpInterface target, CSharpMethod method, string pythonName)
    {
        method = method with { PythonName = PyName(method.Name, pythonName) };
        if (target.Members.Add(method.Key))
        {
            target.Methods.Add(method);
        }
        else if (target.Methods.FirstOrDefault(other => other.Key == method.Key) is { } other && (other.PythonName ?? PythonNames.OfMethod(other.Name)) != pythonName)
        {
            // Two names of Python that differ in C# only by their case or underscores.
            AddUnique(target, method with { Name = method.Name[..^"Async".Length] + "_Async" }, pythonName);
        }
    }
}
