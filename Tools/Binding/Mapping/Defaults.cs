using System.Globalization;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Writes default values: as C# constants where there is one.</summary>
internal static class Defaults
{
    /// <summary>Returns the constant for a value that is not None, or null if C# has none for it.</summary>
    public static string? Constant(PythonDefault value, PythonHint? hint, CSharpType type, HintMapper mapper) => (value.Kind, type.Name) switch
    {
        ("bool", "bool") => value.Text == "True" ? "true" : "false",
        ("int", "long") when long.TryParse(value.Text, CultureInfo.InvariantCulture, out _) => value.Text,
        ("int", "double") when long.TryParse(value.Text, CultureInfo.InvariantCulture, out _) => value.Text,
        ("float", "double") when value.Text.All(static c => char.IsAsciiDigit(c) || c is '.' or 'e' or '-' or '+') => value.Text,
        ("str", "string") => Identifiers.Literal(value.Text),
        ("str", _) when LiteralOf(hint, type, mapper) is { } literal && literal.Values!.Any(one => one.GetString() == value.Text) => $"{type.Name}.{Identifiers.Escape(Identifiers.Pascal(value.Text))}",
        ("member", _) when Member(value.Text, type, mapper) is string member => member,
        _ => null,
    };

    private static PythonHint? LiteralOf(PythonHint? hint, CSharpType type, HintMapper mapper) =>
        hint is null || !type.IsValueType ? null : mapper.Aliases.Values.FirstOrDefault(alias => alias.Name == type.Name && alias.Hint.Kind == "literal").Hint;

    private static string? Member(string text, CSharpType type, HintMapper mapper)
    {
        int dot = text.LastIndexOf('.');
        return dot > 0 && mapper.Names.Find(text[..dot]) is { Kind: "enum" } one && mapper.Names.Of(one.Id) == type.Name && one.Members!.Any(member => member.Name == text[(dot + 1)..])
            ? $"{type.Name}.{Identifiers.Escape(Identifiers.Member(text[(dot + 1)..]))}"
            : null;
    }
}
