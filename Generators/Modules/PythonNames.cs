using System.Text;

namespace PyAsync.Generators.Modules;

/// <summary>Converts C# names to Python's style.</summary>
internal static class PythonNames
{
    private static readonly HashSet<string> s_keywords =
    [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
        "while", "with", "yield",
    ];

    /// <summary>Converts <c>ReadLineAsync</c> to <c>read_line</c>.</summary>
    public static string OfMethod(string name) =>
        Of(name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal) ? name.Substring(0, name.Length - 5) : name);

    /// <summary>Converts <c>maxCount</c> to <c>max_count</c>, <c>from</c> to <c>from_</c> (PEP 8).</summary>
    public static string Of(string name)
    {
        string snake = Snake(name);
        return s_keywords.Contains(snake) ? snake + "_" : snake;
    }

    /// <summary>Converts <c>MaxSize</c> to <c>MAX_SIZE</c>.</summary>
    public static string OfConstant(string name) => Snake(name).ToUpperInvariant();

    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && name.All(static c => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
        && !s_keywords.Contains(name);

    private static string Snake(string name)
    {
        var snake = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            // A word begins at a capital that follows a small letter or a digit, or is followed by a small letter: HttpGet, HTTPGet, Utf8Text.
            bool begins = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (begins)
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }
}
