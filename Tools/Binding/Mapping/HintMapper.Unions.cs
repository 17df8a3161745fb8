namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Unions, aliases and functions.</summary>
internal sealed partial class HintMapper
{
    // As object, a value of these types arrives as the same type.
    private static readonly HashSet<string> s_plain = ["bool", "long", "double", "string", "byte[]", "decimal", "Guid", "DateTime", "DateOnly", "TimeOnly", "TimeSpan", "object", "PyTuple"];

    private CSharpType MapUnion(PythonHint[] parts, Place place)
    {
        bool isNullable = parts.Any(static part => part.Kind == "none");
        PythonHint[] values = [.. parts.Where(static part => part.Kind != "none")];
        if (values.Any(static part => part.Kind == "any"))
        {
            return Map(Any, place) with { IsNullable = isNullable || place != Place.Result };
        }

        List<CSharpType> types = [];
        foreach (CSharpType type in values.Select(part => Part(part, place)))
        {
            if (types.FindIndex(other => other.Name == type.Name) is >= 0 and int i)
            {
                types[i] = types[i] with { IsNullable = types[i].IsNullable || type.IsNullable, Reason = types[i].Reason ?? type.Reason, Note = types[i].Note is null ? null : type.Note };
            }
            else
            {
                types.Add(type);
            }
        }

        Simplify(types, place);
        isNullable |= types.Any(static type => type.IsNullable);
        if (types.Count == 1)
        {
            return types[0] with { IsNullable = isNullable };
        }

        string note = string.Join(" or ", types.Select(static type => type.Name == "PyObject" ? "a PyObject" : type.Name));
        if (place == Place.Result && types.FirstOrDefault(static type => !IsPlain(type)) is { } other)
        {
            // As object, an instance of a class arrives as a PyObject: the type says so.
            return CSharpType.PyObject(other.Reason ?? $"the hint allows several types ({note}): As<T>() and ToProxy<T>() convert the result") with { IsNullable = isNullable };
        }

        return CSharpType.Object(note) with { IsNullable = isNullable, Alternatives = types };
    }

    private static bool IsPlain(CSharpType type) =>
        s_plain.Contains(type.Name) || (type.Reason is null && (type.Name.StartsWith("IReadOnly", StringComparison.Ordinal) || type.Name.StartsWith("ReadOnlyMemory", StringComparison.Ordinal)));

    /// <summary>Removes alternatives that another one covers.</summary>
    private static void Simplify(List<CSharpType> types, Place place)
    {
        void Cover(string by, params string[] covered)
        {
            if (types.Any(type => type.Name == by))
            {
                types.RemoveAll(type => covered.Contains(type.Name));
            }
        }

        Cover("double", "long");
        Cover("byte[]", "ReadOnlyMemory<byte>");
        Cover("PyObject", "object");
        if (place == Place.Parameter)
        {
            // A path, and a collection that other collections convert to.
            if (types.Any(static type => type.Name == "string"))
            {
                types.RemoveAll(static type => type.Reason is { } reason && (reason.StartsWith("os.PathLike", StringComparison.Ordinal) || reason.StartsWith("pathlib.", StringComparison.Ordinal)));
            }

            foreach (CSharpType iterable in types.Where(static type => type.Name.StartsWith("IEnumerable<", StringComparison.Ordinal)).ToArray())
            {
                string items = iterable.Name["IEnumerable".Length..];
                Cover(iterable.Name, "IReadOnlyList" + items, "IReadOnlySet" + items);
            }
        }
    }

    private CSharpType MapAlias(PythonHint hint, Place place)
    {
        PythonHint value = hint.Args![0];
        if (value.Kind == "literal" && value.Values!.All(static one => one.ValueKind == System.Text.Json.JsonValueKind.String && Identifiers.Pascal(one.GetString()!).Trim('_').Length > 0)
            && value.Values!.Select(static one => Identifiers.Pascal(one.GetString()!)).Distinct().Count() == value.Values!.Length)
        {
            return new CSharpType(Alias(hint, value)) { IsValueType = true };
        }

        CSharpType type = Map(value, place);
        bool isDelegate = value.Kind == "callable" && value.Args is not null && place == Place.Parameter && type.Name != "PyObject";
        return isDelegate ? type with { Name = Alias(hint, value) } : type;
    }

    private string Alias(PythonHint hint, PythonHint value)
    {
        if (!Aliases.TryGetValue(hint.Id!, out (string Name, PythonHint Hint) alias))
        {
            alias = (names.New(Identifiers.Pascal(hint.Name!)), value);
            Aliases.Add(hint.Id!, alias);
        }

        return alias.Name;
    }

    private CSharpType MapCallable(PythonHint hint, Place place)
    {
        if (place != Place.Parameter)
        {
            return CSharpType.PyObject("a function");
        }

        if (hint.Args is null || hint.Args.Length > 7)
        {
            return CSharpType.PyObject("a function whose parameters the hint does not give: pass runtime.FunctionIntoPy(…)");
        }

        Signature signature = SignatureOf(hint.Args, hint.Result!);
        string[] types = [.. signature.Parameters.Select(static type => type.Text), .. signature.Result.IsVoid ? [] : (string[])[signature.Result.Text]];
        string name = signature.Result.IsVoid ? "Action" : "Func";
        return new CSharpType(types.Length == 0 ? name : $"{name}<{string.Join(", ", types)}>") { Reason = signature.Reason };
    }

    /// <summary>Returns the signature of a delegate. An awaitable result makes it asynchronous: with a token, which fires when Python cancels.</summary>
    public Signature SignatureOf(PythonHint[] parameters, PythonHint result)
    {
        CSharpType[] types = [.. parameters.Select(parameter => Part(parameter, Place.Result))];
        PythonHint? awaited = Awaited(result) ?? (result.Kind == "union" ? result.Args!.Select(Awaited).FirstOrDefault(static one => one is not null) : null);
        CSharpType value = Map(awaited ?? result, Place.Parameter);
        string? reason = types.Append(value).Select(static type => type.Reason).FirstOrDefault(static one => one is not null);
        return awaited is null
            ? new Signature(types, value, reason)
            : new Signature([.. types, new CSharpType("CancellationToken") { IsValueType = true }], new CSharpType(value.IsVoid ? "Task" : $"Task<{value.Text}>"), reason);
    }

    /// <summary>The types of a delegate.</summary>
    internal sealed record Signature(CSharpType[] Parameters, CSharpType Result, string? Reason);
}
