using System.Text;

namespace PyAsync.Tests;

/// <summary>The texts of requests.</summary>
internal static class Requests
{
    public static string Get(string target, params string[] headers) => Line("GET", target, headers);

    public static string Line(string method, string target, params string[] headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: compared\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}\r\n";

    public static string Post(string target, string body, params string[] headers) =>
        Line("POST", target, [.. headers, $"Content-Length: {Encoding.Latin1.GetByteCount(body)}"]) + body;

    /// <summary>Gets a request whose body comes in chunks.</summary>
    public static string Chunked(string target, params string[] chunks) =>
        Line("POST", target, "Transfer-Encoding: chunked") + string.Concat(chunks.Select(static chunk => $"{chunk.Length:x}\r\n{chunk}\r\n")) + "0\r\n\r\n";

    /// <summary>Gets the request that opens a WebSocket.</summary>
    public static string Upgrade(string target, params string[] headers) =>
        Get(target, ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", .. headers]);

    public static bool IsHead(string request) => request.StartsWith("HEAD ", StringComparison.Ordinal);
}
