namespace PyAsync.Tool.Binding.Writing;

/// <summary>Writes docstrings as documentation comments.</summary>
internal static class DocWriter
{
    public static void Write(CodeWriter code, PythonDoc? doc, string? fallback = null, IReadOnlyList<CSharpParameter>? parameters = null)
    {
        string[] paragraphs = [.. (doc?.Text ?? fallback ?? "").ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (paragraphs.Length > 0)
        {
            Element(code, "summary", "", paragraphs[0]);
        }

        foreach (CSharpParameter parameter in parameters ?? [])
        {
            string?[] texts = [doc?.Parameters.GetValueOrDefault(parameter.PythonName), parameter.Note is null ? null : Sentence(parameter.Note)];
            string text = string.Join(' ', texts.Where(static part => !string.IsNullOrWhiteSpace(part)));
            if (text.Length > 0)
            {
                Element(code, "param", $" name=\"{parameter.Name.TrimStart('@')}\"", text);
            }
        }

        if (doc?.Returns is { Length: > 0 } returns)
        {
            Element(code, "returns", "", returns);
        }

        foreach ((string type, string description) in doc?.Raises ?? [])
        {
            Element(code, "exception", " cref=\"PythonException\"", $"{type}: {description}");
        }

        if (paragraphs.Length > 1)
        {
            code.Line("/// <remarks>");
            foreach (string paragraph in paragraphs[1..])
            {
                code.Line("/// <para>");
                Lines(code, paragraph);
                code.Line("/// </para>");
            }

            code.Line("/// </remarks>");
        }
    }

    private static string Sentence(string note) => char.ToUpperInvariant(note[0]) + note[1..] + (note.EndsWith('.') ? "" : ".");

    private static void Element(CodeWriter code, string name, string attributes, string text)
    {
        text = text.Trim();
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            code.Line($"/// <{name}{attributes}>");
            Lines(code, text);
            code.Line($"/// </{name}>");
        }
        else
        {
            code.Line($"/// <{name}{attributes}>{Escape(text)}</{name}>");
        }
    }

    private static void Lines(CodeWriter code, string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            code.Line($"/// {Escape(line.TrimEnd())}".TrimEnd());
        }
    }

    // XML has no control characters. A comment ends at each of the line ends that C# knows.
    private static string Escape(string text) =>
        string.Concat(text.Select(static c => c switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\u2028' or '\u2029' => " ",
            _ when (char.IsControl(c) && c != '\t') || char.IsSurrogate(c) => " ",
            _ => c.ToString(),
        }));
}
