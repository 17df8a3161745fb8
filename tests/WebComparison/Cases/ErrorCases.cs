using System.Net.Sockets;
using static PyAsync.Tests.Question;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Errors of the application and of the client, request smuggling included.</summary>
internal static class ErrorCases
{
    private const string Application = "Errors of the application";
    private const string Client = "Errors of the client";

    private const string Next = "/raw/next";

    private static readonly string[] s_plain = ["raises-before", "raises-after-end", "returns"];

    // The start of the response may have been sent, or not: a client gets a status of 500, or an answer that is cut off.
    private static readonly string[] s_begun = ["raises-after-start", "raises-in-body", "start-only", "incomplete", "str-body", "too-short", "too-long"];

    private static readonly string[] s_recorded =
    [
        "double-start", "body-first", "after-end", "unknown-type", "no-type", "str-header", "str-status", "no-status", "status-99",
        "status-1000", "header-name-space", "header-name-colon", "header-name-crlf", "header-name-empty", "header-value-crlf", "header-value-lf", "header-value-nul",
        "own-connection", "own-keep-alive", "own-transfer-encoding", "own-upgrade", "two-lengths", "length-and-encoding",
    ];

    private static readonly (string Name, string Request)[] s_wrong =
    [
        ("a length and chunks", Line("POST", "/raw/echo", "Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\nabc"),
        ("two different lengths", Line("POST", "/raw/echo", "Content-Length: 3", "Content-Length: 4") + "abcd"),
        ("two equal lengths", Line("POST", "/raw/echo", "Content-Length: 3", "Content-Length: 3") + "abc"),
        ("a list of lengths", Line("POST", "/raw/echo", "Content-Length: 3, 3") + "abc"),
        ("a negative length", Line("POST", "/raw/echo", "Content-Length: -1")),
        ("a length with a plus", Line("POST", "/raw/echo", "Content-Length: +3") + "abc"),
        ("a hexadecimal length", Line("POST", "/raw/echo", "Content-Length: 0x3") + "abc"),
        ("a length that is too large", Line("POST", "/raw/echo", "Content-Length: 99999999999999999999999")),
        ("Transfer-Encoding: identity", Line("POST", "/raw/echo", "Transfer-Encoding: identity", "Content-Length: 3") + "abc"),
        ("Transfer-Encoding: gzip, chunked", Line("POST", "/raw/echo", "Transfer-Encoding: gzip, chunked") + "3\r\nabc\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked, identity", Line("POST", "/raw/echo", "Transfer-Encoding: chunked, identity") + "3\r\nabc\r\n0\r\n\r\n"),
        ("Transfer-Encoding: xchunked", Line("POST", "/raw/echo", "Transfer-Encoding: xchunked") + "3\r\nabc\r\n0\r\n\r\n"),
        ("two Transfer-Encoding headers", Line("POST", "/raw/echo", "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "3\r\nabc\r\n0\r\n\r\n"),
        ("a space before the colon", Line("POST", "/raw/echo", "Transfer-Encoding : chunked") + "3\r\nabc\r\n0\r\n\r\n"),
        ("a chunk size with 0x", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "0x3\r\nabc\r\n0\r\n\r\n"),
        ("a chunk size that is no number", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "zz\r\nabc\r\n0\r\n\r\n"),
        ("a chunk size that is too large", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
        ("a chunk without its line end", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "3\r\nabcdef\r\n0\r\n\r\n"),
        ("a line feed alone in an extension of a chunk", Line("POST", "/raw/echo", "Transfer-Encoding: chunked") + "3;a\nabc\r\n0\r\n\r\n"),
        ("line ends without carriage returns", "GET /raw/hello HTTP/1.1\nHost: compared\n\n"),
        ("a carriage return alone in a header", Get("/raw/hello", "X-A: a\rb")),
        ("a folded header", Get("/raw/scope", "X-Folded: a\r\n b")),
        ("a NUL in a header", Get("/raw/hello", "X-Nul: a\0b")),
        ("a header without a colon", Get("/raw/hello", "nonsense")),
        ("a header without a name", Get("/raw/hello", ": value")),
        ("a header name with a space", Get("/raw/hello", "X Y: 1")),
        ("no Host", "GET /raw/hello HTTP/1.1\r\n\r\n"),
        ("two Hosts", "GET /raw/hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("a Host with a path", "GET /raw/hello HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        ("no version", "GET /raw/hello\r\n\r\n"),
        ("HTTP/1.2", "GET /raw/hello HTTP/1.2\r\nHost: compared\r\n\r\n"),
        ("HTTP/3.0", "GET /raw/hello HTTP/3.0\r\nHost: compared\r\n\r\n"),
        ("a space in the target", "GET /raw/a b HTTP/1.1\r\nHost: compared\r\n\r\n"),
        ("a control character in the target", "GET /raw/a\u0001b HTTP/1.1\r\nHost: compared\r\n\r\n"),
        ("a target without a slash", "GET raw/hello HTTP/1.1\r\nHost: compared\r\n\r\n"),
        ("nonsense", "nonsense\r\n\r\n"),
        ("bytes of TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"),
        ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("a header of 20 KB", Get("/raw/hello", $"X-Large: {new string('x', 20_000)}")),
        ("a header of 100 KB", Get("/raw/hello", $"X-Large: {new string('x', 100_000)}")),
        ("90 headers", Get("/raw/hello", [.. Enumerable.Range(0, 90).Select(static i => $"X-{i}: {i}")])),
        ("1,000 headers", Get("/raw/hello", [.. Enumerable.Range(0, 1000).Select(static i => $"X-{i}: {i}")])),
        ("a target of 7 KB", Get("/raw/hello?" + new string('q', 7_000))),
        ("a target of 100 KB", Get("/raw/hello?" + new string('q', 100_000))),
    ];

    public static IEnumerable<Question> All { get; } =
    [
        .. s_plain.Select(static name => Exchange(Application, name, Get($"/errors/{name}"))),
        .. s_begun.Select(static name => new Question(Application, name, async server =>
            await server.Ask(Get($"/errors/{name}?key={server.NewKey()}")) is null or { Status: 500 } or { IsWhole: false } ? "an error" : "no error")),
        .. s_recorded.Select(static name => Recorded(Application, name, Get($"/errors/{name}?key={{key}}"))),
        Exchange(Application, "HEAD of raises-before", Line("HEAD", "/errors/raises-before")),
        new(Application, "the server after errors", static async server => $"{await server.Ask(Get("/raw/hello"))}"),
        new(Application, "the log has the traceback", static async server =>
        {
            await server.Ask(Get("/errors/raises-before"));
            for (int i = 0; i < 500 && !server.Log.Contains("ValueError: before the start", StringComparison.Ordinal); i++)
            {
                await Task.Delay(10);
            }

            return server.Log.Contains("ValueError: before the start", StringComparison.Ordinal) && server.Log.Contains("raises_before", StringComparison.Ordinal) ? "yes" : "no";
        }),

        .. s_wrong.Select(static wrong => new Question(Client, wrong.Name, server => Wrong(server, wrong.Request))),
    ];

    // Behind the request comes another one: a server that takes it for a part of the first one, or the other way round, can be used to smuggle requests.
    // The text of an error is the server's; only its status and the connection are compared.
    private static async Task<string> Wrong(Server server, string request)
    {
        using Wire wire = await Wire.Connect(server.Port);
        List<string> parts = [];
        try
        {
            await wire.Send(request + Get(Next));
            while (parts.Count < 3 && await server.AnswersBriefly(wire.Read()) is { } answer)
            {
                parts.Add(answer.Text.StartsWith(Next, StringComparison.Ordinal) ? "the next request" : answer.Status == 200 ? answer.ToString() : answer.Status.ToString());
                if (parts[^1] == "the next request")
                {
                    return string.Join(" → ", parts);
                }
            }

            parts.Add("closed");
        }
        catch (TimeoutException)
        {
            parts.Add("waits for more");
        }
        catch (SocketException)
        {
            parts.Add("closed"); // Before it has read everything.
        }

        return string.Join(" → ", parts);
    }
}
