using static PyAsync.Tests.Question;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Responses of every form, HEAD among them, and the connection after them.</summary>
internal static class ResponseCases
{
    private const string Group = "Responses";
    private const string Connections = "Connections";

    private static readonly string[] s_paths =
    [
        "/raw/hello", "/raw/no-length", "/raw/chunks", "/raw/parts-with-length", "/raw/empty", "/raw/not-modified", "/raw/status?code=204", "/raw/large?size=100000",
    ];

    public static IEnumerable<Question> All { get; } =
    [
        .. s_paths.Select(static path => Exchange(Group, path["/raw/".Length..], Get(path))),
        .. s_paths.Select(static path => Exchange(Group, $"HEAD of {path["/raw/".Length..]}", Line("HEAD", path))),
        .. ((int[])[201, 205, 206, 301, 400, 404, 418, 429, 451, 500, 503, 599]).Select(static code => Exchange(Group, $"status {code}", Get($"/raw/status?code={code}"))),
        Exchange(Group, "repeated response headers, in their order", Get("/raw/duplicates")),
        new(Group, "order and case of names and values, as sent", static async server =>
            string.Join(", ", (await server.Ask(Get("/raw/duplicates")))!.Headers.Where(static header => header.Name is "set-cookie" or "x-many" or "vary").Select(static header => $"{header.Name}={header.Value}"))),
        Exchange(Group, "bytes above 127, empty values, upper case in names", Get("/raw/latin")),
        new(Group, "Date and Server of the application instead of the server's", static async server =>
            string.Join(", ", (await server.Ask(Get("/raw/own-headers")))!.Headers.Where(static header => header.Name is "date" or "server")
                .Select(static header => $"{header.Name}={(header.Value.Contains("2024", StringComparison.Ordinal) ? "its own" : header.Name == "date" ? "today" : header.Value)}").Order(StringComparer.Ordinal))),
        new(Group, "Date and Server if the application sends none", static async server =>
            string.Join(", ", (await server.Ask(Get("/raw/hello")))!.Headers.Where(static header => header.Name is "date" or "server").Select(static header => header.Name).Order(StringComparer.Ordinal))),
        Exchange(Group, "bodies that are bytearray and memoryview", Get("/raw/memory")),
        Recorded(Group, "work after the end of the response", Get("/raw/background?key={key}")),

        Exchange(Connections, "three requests, one after another", Get("/raw/hello"), Post("/raw/echo", "x"), Get("/raw/chunks")),
        new(Connections, "ten requests at once (pipelining)", static server => Pipeline(server, [.. Enumerable.Range(0, 10).Select(static i => Post("/raw/echo", $"body {i}"))])),
        new(Connections, "a request behind one with an unread body", static server => Pipeline(server, Post("/raw/ignores-body", "ignored"), Get("/raw/hello"))),
        new(Connections, "requests behind one that closes", static server => Pipeline(server, Get("/raw/hello", "Connection: close"), Get("/raw/hello"))),
        new(Connections, "a request in single bytes", static server => ByteByByte(server, Post("/raw/echo", "slowly"))),
        Exchange(Connections, "Connection: close", Get("/raw/hello", "Connection: close")),
        Exchange(Connections, "HTTP/1.0", "GET /raw/hello HTTP/1.0\r\nHost: compared\r\n\r\n"),
        Exchange(Connections, "HTTP/1.0 with keep-alive", "GET /raw/hello HTTP/1.0\r\nHost: compared\r\nConnection: keep-alive\r\n\r\n"),
        Exchange(Connections, "HTTP/1.0 without a length of the response", "GET /raw/chunks HTTP/1.0\r\nHost: compared\r\n\r\n"),
        Exchange(Connections, "HTTP/1.0 without Host", "GET /raw/hello HTTP/1.0\r\n\r\n"),
        Exchange(Connections, "empty lines before a request", "\r\n\r\n" + Get("/raw/hello")),
    ];

    private static async Task<string> Pipeline(Server server, params string[] requests)
    {
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(string.Concat(requests));
        List<string> parts = [];
        Answer? answer = null;
        for (int i = 0; i < requests.Length && (i == 0 || answer is not null); i++)
        {
            answer = await wire.Read();
            parts.Add(answer?.ToString() ?? "no answer");
        }

        parts.Add(await wire.State(answer));
        return string.Join(" → ", parts);
    }

    private static async Task<string> ByteByByte(Server server, string request)
    {
        using Wire wire = await Wire.Connect(server.Port);
        foreach (char c in request)
        {
            await wire.Send(c.ToString());
        }

        Answer? answer = await wire.Read();
        return $"{answer} → {await wire.State(answer)}";
    }
}
