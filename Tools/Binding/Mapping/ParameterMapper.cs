using PyAsync.Generators.Modules;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Maps the parameters of a function: required ones first, as C# wants them.</summary>
internal sealed class ParameterMapper(HintMapper mapper)
{
    private const int MaxForms = 4;

    /// <summary>Returns the forms of a parameter list: a union of several types as a required parameter gives one for each type.</summary>
    /// <param name="function">The function.</param>
    /// <param name="expands">False keeps unions as <c>object</c>, for overloads.</param>
    /// <param name="reasons">Receives the reason for each <c>PyObject</c>.</param>
    public List<List<CSharpParameter>> Forms(PythonFunction function, bool expands, List<string> reasons)
    {
        HashSet<string> used = ["cancellationToken"];
        List<(PythonParameter Parameter, CSharpType Type, string Name)> all = [];
        foreach (PythonParameter parameter in function.Parameters)
        {
            if (IsOwnLoop(function, parameter))
            {
                reasons.Add($"Left out: {parameter.Name}, because the runtime's own loop runs the call.");
                continue;
            }

            CSharpType type = TypeOf(parameter);
            if (type.Reason is string reason)
            {
                reasons.Add($"PyObject, {parameter.Name}: {reason}.");
            }

            all.Add((parameter, type, Identifiers.Unique(Identifiers.Camel(parameter.Name), used)));
        }

        string[] missing = [.. function.Parameters.Where(static parameter => parameter.Hint is null).Select(static parameter => parameter.Name)];
        if (missing.Length > 0)
        {
            reasons.Add($"Without hints: {string.Join(", ", missing)}.");
        }

        int product = all.Where(static entry => IsRequired(entry.Parameter)).Aggregate(1, static (product, entry) => Math.Min(100, product * Math.Max(1, entry.Type.Alternatives.Count)));
        List<List<CSharpParameter>> forms = [[]];
        foreach ((PythonParameter parameter, CSharpType type, string name) in Sorted(all))
        {
            bool isForked = expands && product is > 1 and <= MaxForms && IsRequired(parameter) && type.Alternatives.Count > 1 && type.Alternatives.All(static one => one.Reason is null);
            IEnumerable<CSharpType> types = isForked ? type.Alternatives.Select(one => one with { IsNullable = one.IsNullable || (type.IsNullable && !one.IsValueType) }) : [type];
            forms = [.. types.SelectMany(one => forms.Select(form => (List<CSharpParameter>)[.. form, Map(parameter, one, name)]))];
        }

        return forms;
    }

    /// <summary>Returns true for <c>loop: AbstractEventLoop | None = None</c>, if no parameter after it can be given by position.</summary>
    private static bool IsOwnLoop(PythonFunction function, PythonParameter parameter) =>
        parameter is { Default.Kind: "none", Kind: "normal" or "keyword", Hint: { } hint }
        && (hint.Kind == "union" ? hint.Args!.Where(static part => part.Kind != "none") : [hint]).All(static part => part is { Kind: "name", Name: "asyncio.AbstractEventLoop" })
        && (parameter.Kind == "keyword" || function.Parameters.SkipWhile(other => other != parameter).Skip(1).All(static other => other.Kind is "keyword" or "kwargs"));

    private static bool IsRequired(PythonParameter parameter) => parameter.Default is null && parameter.Kind is not ("args" or "kwargs");

    private static IEnumerable<(PythonParameter Parameter, CSharpType Type, string Name)> Sorted(List<(PythonParameter Parameter, CSharpType Type, string Name)> all) =>
        all.OrderBy(static entry => entry.Parameter.Kind switch
        {
            "kwargs" => 2,
            "args" => 3,
            _ => IsRequired(entry.Parameter) ? 0 : 1,
        });

    private CSharpType TypeOf(PythonParameter parameter)
    {
        CSharpType type = mapper.Map(parameter.Hint, Place.Parameter);
        // Of **kwargs: Unpack[…], whose keys could not be read.
        return type.IsVoid || (parameter.Kind == "kwargs" && type.IsInterface) ? CSharpType.Object("None") : type;
    }

    private CSharpParameter Map(PythonParameter parameter, CSharpType type, string name)
    {
        string attributes = parameter.Kind switch
        {
            "positional" => "[PyPositional] ",
            "keyword" => "[PyKeyword] ",
            "args" => "params ",
            "kwargs" => "[PyKwargs] ",
            _ => "",
        };
        bool isNamed = parameter.Kind is "normal" or "keyword" && PythonNames.Of(name) != parameter.Name;
        string pyName = isNamed ? $"[PyName({Identifiers.Literal(parameter.Name)})] " : "";
        (string text, string? constant) = parameter switch
        {
            { Kind: "args" } => (type.Text + "[]", null),
            { Kind: "kwargs" } => ($"IReadOnlyDictionary<string, {type.Text}>?", "null"),
            { Default: null } => (type.Text, null),
            { Default.Kind: "none" } => (type.Name + "?", "null"),
            _ when Defaults.Constant(parameter.Default, parameter.Hint, type, mapper) is string value => (type.Text, value),
            // The language has no conversion from an interface to PyOptional<T>; null, which Python does not accept here, means "not given".
            _ when type.IsInterface && !type.IsNullable => (type.Name + "?", "null"),
            _ => ($"PyOptional<{type.Text}>", "default"),
        };
        string? note = type.Note is "no hint" or "any value" or "None" ? null : type.Note;
        if (constant == "default" || (constant == "null" && parameter.Default is { Kind: not "none" }))
        {
            note = $"{(note is null ? "" : note + "; ")}Python's default: {(parameter.Default!.Text is "..." ? "not in the hints" : parameter.Default.Text)}";
        }

        return new CSharpParameter(pyName + attributes, text, Identifiers.Escape(name), constant, parameter.Name, note);
    }
}
