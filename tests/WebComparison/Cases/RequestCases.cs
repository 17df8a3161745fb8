using static PyAsync.Tests.Question;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Well-formed requests, and what the application sees of them.</summary>
internal static class RequestCases
{
    private const string Group = "Requests";

    public static IEnumerable<Question> All { get; } =
    [
        Exchange(Group, "scope of a GET", Get("/raw/scope")),
        Exchange(Group, "scope of a POST with headers and a query", Post("/raw/scope?a=1&b=%20&c", "body", "X-One: 1", "X-Two: a, b", "Content-Type: text/plain")),
        Exchange(Group, "repeated request headers", Get("/raw/scope", "X-Many: 1", "X-Other: o", "X-Many: 2", "x-many: 3")),
        Exchange(Group, "cookies in two headers", Get("/raw/scope", "Cookie: a=1", "Cookie: b=2")),
        Exchange(Group, "bytes above 127 in a header", Get("/raw/scope", "X-Latin: caf\u00e9")),
        Exchange(Group, "empty header value", Get("/raw/scope", "X-Empty:")),
        Exchange(Group, "spaces around a header value", Get("/raw/scope", "X-Spaces:  \t a b \t ")),
        Exchange(Group, "state of the lifespan, copied for each request", Get("/raw/keys"), Get("/raw/keys")),
        Exchange(Group, "path with a percent-encoded slash", Get("/raw/a%2Fb")),
        Exchange(Group, "path with a percent-encoded space and percent sign", Get("/raw/a%20b%25c")),
        Exchange(Group, "path in UTF-8, percent-encoded", Get("/raw/gr%C3%BC%C3%9Fe")),
        Exchange(Group, "path with bytes that are no UTF-8, percent-encoded", Get("/raw/%FF%FE")),
        Exchange(Group, "path with bytes above 127, not encoded", Get("/raw/caf\u00e9")),
        Exchange(Group, "path with an empty segment", Get("/raw//a///b")),
        Exchange(Group, "path with dot segments", Get("/raw/a/../b/./c")),
        Exchange(Group, "path with encoded dot segments", Get("/raw/a/%2E%2E/b")),
        Exchange(Group, "path with a trailing slash", Get("/raw/a/")),
        Exchange(Group, "path with a wrong escape", Get("/raw/a%zz")),
        Exchange(Group, "path with an encoded NUL", Get("/raw/a%00b")),
        Exchange(Group, "path with characters that need no encoding", Get("/raw/a;b=c,d:e@f&g=$h+i!j*k'l(m)n~")),
        Exchange(Group, "query with raw and encoded characters", Get("/raw/scope?q=a+b%2B%2f&r=[]{}|^\"<>`\\")),
        Exchange(Group, "empty query", Get("/raw/scope?")),
        Exchange(Group, "two question marks", Get("/raw/scope?a?b")),
        Exchange(Group, "a fragment", Get("/raw/scope#fragment")),
        Exchange(Group, "target in absolute form", Get("http://compared/raw/scope?a=1")),
        Exchange(Group, "target in absolute form, with another host", Get("http://other.example/raw/scope?a=1")),
        Exchange(Group, "OPTIONS *", Line("OPTIONS", "*")),
        .. ((string[])["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]).Select(static method => Exchange(Group, method, Line(method, "/raw/scope"))),
        Exchange(Group, "a method that no standard has", Line("BREW", "/raw/scope")),
        Exchange(Group, "a method in lower case", Line("get", "/raw/scope")),
        Exchange(Group, "CONNECT", Line("CONNECT", "host:1")),
        Exchange(Group, "body with a length", Post("/raw/echo", "hello body")),
        Exchange(Group, "body in chunks", Chunked("/raw/echo", "one", "two", "three")),
        Exchange(Group, "body in chunks with extensions and trailers", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "3;name=value\r\none\r\n0\r\nX-Trailer: 1\r\n\r\n"),
        Exchange(Group, "chunked, in another case", Line("POST", "/raw/echo", "Transfer-Encoding: Chunked") + "3\r\none\r\n0\r\n\r\n"),
        Exchange(Group, "empty body with a length", Post("/raw/echo", "")),
        Exchange(Group, "GET with a body", Line("GET", "/raw/echo", "Content-Length: 3") + "abc"),
        Exchange(Group, "body of 300 KB", Post("/raw/count", new string('x', 300_000))),
        Exchange(Group, "body that the application sends back part by part", Post("/raw/streamed-echo", new string('y', 100_000))),
        Recorded(Group, "receive after the whole body", Post("/raw/receive-twice?key={key}", "abc")),
        Exchange(Group, "body that the application does not read, then another request", Post("/raw/ignores-body", "ignored"), Get("/raw/hello")),
        Exchange(Group, "chunked body that the application does not read", Chunked("/raw/ignores-body", "ignored"), Get("/raw/hello")),
        new(Group, "Expect: 100-continue, body read", static server => Continue(server, "/raw/echo", sendsBody: true)),
        new(Group, "Expect: 100-continue, body not read", static server => Continue(server, "/raw/ignores-body", sendsBody: false)),
        Exchange(Group, "another expectation", Get("/raw/hello", "Expect: something")),
        Exchange(Group, "upgrade to an unknown protocol", Get("/raw/hello", "Connection: Upgrade", "Upgrade: unknown")),
        Exchange(Group, "upgrade to h2c", Get("/raw/hello", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")),
        Exchange(Group, "X-Forwarded headers of a client on the loopback", Get("/raw/scope", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https")),
    ];

    private static async Task<string> Continue(Server server, string path, bool sendsBody)
    {
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(Line("POST", path, "Content-Length: 4", "Expect: 100-continue"));
        Answer? first = await wire.Read();
        if (!sendsBody)
        {
            return $"{first}";
        }

        await wire.Send("body");
        Answer? second = await wire.Read();
        return $"{first} → {second} → {await wire.State(second)}";
    }
}
