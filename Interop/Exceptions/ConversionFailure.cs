namespace PyAsync.Exceptions;

/// <summary>The reason why a value cannot be converted, with its position in a nested value. It has a message for C# code and one for Python code.</summary>
/// <param name="text">The sentence for C# code: the value's type, the .NET type, the reason.</param>
/// <param name="given">The type of the value: <c>float</c>, <c>None</c>.</param>
/// <param name="reason">The fault of the value, as a predicate (<c>is naive</c>); null if its type is the reason.</param>
internal sealed class ConversionFailure(string text, string? given = null, string? reason = null)
{
    /// <summary>The maximum number of positions: an exception that is thrown repeatedly must not grow.</summary>
    private const int MaxPositions = 32;

    // Innermost first.
    private readonly List<string> _positions = [];

    /// <summary>True if the value itself is of the wrong type: then the message has only the two types.</summary>
    public bool IsPlain => _positions.Count == 0 && reason is null;

    /// <summary>Gets the message for C# code.</summary>
    public string Message => _positions.Count == 0 ? text : Capitalized($"{Where}: {Uncapitalized(text)}");

    /// <summary>Gets the message for Python code, to follow a colon.</summary>
    public string ForPython
    {
        get
        {
            string type = given ?? "value";
            return _positions.Count == 0 ? $"the {type} {reason}"
                : reason is null ? $"{Where} is {WithArticle(type)}"
                : $"{Where}: the {type} {reason}";
        }
    }

    private string Where
    {
        get
        {
            string[] positions = [.. _positions];
            Array.Reverse(positions);
            return string.Join(": ", positions);
        }
    }

    public void Add(string position)
    {
        if (_positions.Count < MaxPositions)
        {
            _positions.Add(position);
        }
    }

    private static string WithArticle(string type) =>
        type == "None" ? type : "aeiou".Contains(type[0], StringComparison.OrdinalIgnoreCase) ? "an " + type : "a " + type;

    private static string Capitalized(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Uncapitalized(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
