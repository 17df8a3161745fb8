using System.Security.Cryptography;
using System.Text;

namespace PyAsync.Tests;

/// <summary>An answer of a server, as it came over the connection.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers in their order, the names in lower case.</param>
/// <param name="Framing">The form that the end of the body has: <c>length</c>, <c>chunked</c>, <c>until close</c>, <c>no body</c>.</param>
/// <param name="Body">The body, or what came of it.</param>
/// <param name="IsWhole">False if the connection ended before the body did.</param>
internal sealed record Answer(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Framing, byte[] Body, bool IsWhole)
{
    private const int LongestText = 160;

    // Any answer may have these, with other values on each server and in each second; the connection's fate is compared apart.
    private static readonly HashSet<string> s_ofServer = ["date", "server", "connection", "keep-alive", "content-length", "transfer-encoding"];

    /// <summary>Gets a value that indicates whether the server has announced that it closes the connection.</summary>
    public bool Closes => Framing == "until close" || Value("connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Gets the body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Gets the value of the first header of this name, or null.</summary>
    public string? Value(string name) => Headers.FirstOrDefault(header => header.Name == name).Value;

    /// <summary>Describes the answer without what may differ between two answers of the same server.</summary>
    public override string ToString() => string.Join(", ",
        (string[])[
            Status.ToString(),
            Framing == "length" ? $"length {Value("content-length")}" : Framing,
            .. Headers.Where(header => !s_ofServer.Contains(header.Name)).Select(header => $"{header.Name}: {header.Value}").Order(StringComparer.Ordinal),
            .. Body.Length == 0 ? (string[])[] : [Describe(Body)],
            .. IsWhole ? (string[])[] : ["cut off"],
        ]);

    private static string Describe(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body).ReplaceLineEndings("⏎");
        return body.Length <= LongestText * 3 && !text.Contains('\uFFFD') && !text.Contains('\0')
            ? $"“{text}”"
            : $"{body.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(body))[..8]}";
    }
}
