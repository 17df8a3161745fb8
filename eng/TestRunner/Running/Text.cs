namespace PyAsync.TestRunner.Running;

/// <summary>Parts of the text that programs print.</summary>
internal static class Text
{
    public static string LastLines(string text, int count) => string.Join('\n', Lines(text).TakeLast(count));

    public static string FirstLines(string text, int count) => string.Join('\n', Lines(text).Take(count));

    public static string Shortened(string text, int length) => text.Length <= length ? text : text[..length] + "…";

    public static string Indent(string text) => string.Join('\n', Lines(text).Select(static line => "    " + line));

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
