using System.Text;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Makes C# identifiers from Python identifiers.</summary>
internal static class Identifiers
{
    private static readonly HashSet<string> s_keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate",
        "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in",
        "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private",
        "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
        "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary>Converts <c>max_count</c> to <c>MaxCount</c>; a name that has capitals already keeps them, except in <c>MAX_SIZE</c>.</summary>
    public static string Pascal(string name)
    {
        bool isConstant = name.Any(char.IsLetter) && !name.Any(char.IsLower) && (name.Contains('_', StringComparison.Ordinal) || name.Length > 3);
        var pascal = new StringBuilder();
        bool begins = true;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                begins = true;
                continue;
            }

            pascal.Append(begins ? char.ToUpperInvariant(c) : isConstant ? char.ToLowerInvariant(c) : c);
            begins = char.IsDigit(c) && isConstant;
        }

        return pascal.Length == 0 || char.IsDigit(pascal[0]) ? "_" + pascal : pascal.ToString();
    }

    /// <summary>Converts the name of an enum's member: <c>MAX_SIZE</c> and <c>LOW</c> to <c>MaxSize</c> and <c>Low</c>.</summary>
    public static string Member(string name) => Pascal(name.Any(char.IsLower) ? name : name.ToLowerInvariant());

    /// <summary>Converts <c>max_count</c> to <c>maxCount</c>, without the mark that a keyword needs.</summary>
    public static string Camel(string name)
    {
        string pascal = Pascal(name);
        int capitals = pascal.TakeWhile(char.IsUpper).Count();
        int lower = capitals <= 1 || capitals == pascal.Length ? capitals : capitals - 1;
        return pascal[..lower].ToLowerInvariant() + pascal[lower..];
    }

    /// <summary>Returns the identifier as it is written: a keyword has a mark.</summary>
    public static string Escape(string name) => s_keywords.Contains(name) ? "@" + name : name;

    /// <summary>Returns the name, or with a number if it is in use already, and registers it.</summary>
    public static string Unique(string name, HashSet<string> used)
    {
        string unique = name;
        for (int i = 2; !used.Add(unique); i++)
        {
            unique = name + i;
        }

        return unique;
    }

    /// <summary>Writes a C# literal of a text.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\0' => "\\0",
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }
}
