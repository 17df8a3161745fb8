using PyAsync.Generators.Modules;

namespace PyAsync.Tool.Binding.Writing;

/// <summary>Writes records.</summary>
internal static class RecordWriter
{
    // Members that a record has already.
    private static readonly HashSet<string> s_reserved = ["Clone", "Equals", "GetHashCode", "GetType", "ToString", "EqualityContract", "PrintMembers", "Deconstruct", "MemberwiseClone", "Finalize", "ReferenceEquals"];

    /// <summary>Writes the record for a dataclass, a NamedTuple, a TypedDict or a model.</summary>
    public static void Write(CodeWriter code, string name, PythonClass one, HintMapper mapper, HintShare share)
    {
        HashSet<string> used = [.. s_reserved, name];
        List<string> required = [], optional = [];
        List<(string[] Comments, string Text)> properties = [];
        List<string> reasons = [];
        bool omitsNull = false;
        foreach (PythonField field in one.Fields)
        {
            CSharpType type = mapper.Map(field.Hint, Place.Field) is { IsVoid: false } mapped ? mapped : CSharpType.Object();
            share.Add([field.Hint], type.Reason is null);
            string identifier = Identifiers.Pascal(field.Name), member = used.Contains(identifier) ? Identifiers.Unique(identifier + "Value", used) : Identifiers.Unique(identifier, used);
            string attribute = PythonNames.Of(member) == field.Name ? "" : Identifiers.Literal(field.Name);
            string[] comments = type.Reason is null ? [] : [$"PyObject, {member}: {type.Reason}."];
            string parameter = attribute.Length == 0 ? "" : $"[PyName({attribute})] ";
            string escaped = Identifiers.Escape(member);
            if (field.Required)
            {
                required.Add($"{parameter}{type.Text} {escaped}");
                reasons.AddRange(comments);
            }
            else if (field.Default is { Kind: "none" })
            {
                optional.Add($"{parameter}{type.Name}? {escaped} = null");
                reasons.AddRange(comments);
            }
            else if (field.Default is not null && Defaults.Constant(field.Default, field.Hint, type, mapper) is string constant)
            {
                optional.Add($"{parameter}{type.Text} {escaped} = {constant}");
                reasons.AddRange(comments);
            }
            else
            {
                string? empty = field.Default is { Kind: "factory" } ? Empty(type) : null;
                omitsNull |= empty is null;
                properties.Add((comments, $"{parameter}public {(empty is null ? type.Name + "?" : type.Text)} {escaped} {{ get; init; }}{(empty is null ? "" : $" = {empty};")}"));
            }
        }

        code.Separate();
        DocWriter.Write(code, one.Doc);
        reasons.ForEach(reason => code.Line($"// {reason}"));
        // A value that is null is left out: Python's own default applies.
        string[] arguments = [.. one.Kind == "typeddict" ? [] : (string[])[$"PythonClass = {Identifiers.Literal(one.Path)}"], .. omitsNull ? (string[])["OmitNull = true"] : []];
        code.Line(arguments.Length == 0 ? "[PyRecord]" : $"[PyRecord({string.Join(", ", arguments)})]");
        string header = $"public partial record {name}({string.Join(", ", required.Concat(optional))})";
        if (properties.Count == 0)
        {
            code.Line(header + ";");
            return;
        }

        code.Line(required.Count + optional.Count == 0 ? $"public partial record {name}" : header);
        code.Open();
        foreach ((string[] comments, string text) in properties)
        {
            code.Separate();
            Array.ForEach(comments, comment => code.Line($"// {comment}"));
            code.Line(text);
        }

        code.Close();
    }

    /// <summary>Returns the empty collection for a factory such as <c>list</c>, or null if the type is another one.</summary>
    private static string? Empty(CSharpType type) =>
        type.IsNullable ? null
        : type.Name.StartsWith("IReadOnlyList<", StringComparison.Ordinal) ? "[]"
        : type.Name.StartsWith("IReadOnlySet<", StringComparison.Ordinal) ? $"new HashSet{type.Name["IReadOnlySet".Length..]}()"
        : type.Name.StartsWith("IReadOnlyDictionary<", StringComparison.Ordinal) ? $"new Dictionary{type.Name["IReadOnlyDictionary".Length..]}()"
        : null;
}
