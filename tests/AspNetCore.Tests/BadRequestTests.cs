using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Requests that do not keep to HTTP.</summary>
public sealed class BadRequestTests
{
    private static string App(string body) =>
        "errors = []\nkept = []\nasync def app(scope, receive, send):\n    if scope['type'] == 'lifespan': return\n"
        + string.Concat(body.ReplaceLineEndings("\n").Split('\n').Select(line => $"    {line}\n"));

    private const string Start = "{'type': 'http.response.start', 'status': 200}";
    private const string End = "{'type': 'http.response.body', 'body': b'fine'}";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n X: folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nX\u0001: y\r\n\r\n")]
    public async Task Requests_ThatCouldBeReadInTwoWays_AreRefused(string request)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            kept.append(scope)
            while (message := await receive()).get("more_body"): pass
            if message["type"] == "http.disconnect": return
            await send({{Start}})
            await send({{End}})
            """));

        string answer = await server.Exchange(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, "one answer, after which the connection is closed");
        (await server.Evaluate("[s['path'] for s in kept if s['path'] != '/']")).ShouldBe("[]");
    }

    [Fact]
    public async Task ARequest_WithChunksAndALength_IsReadByItsChunks()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            body = b""
            while True:
                message = await receive()
                body += message["body"]
                if not message["more_body"]: break
            kept.append((scope["path"], body, [h for h in scope["headers"] if h[0] == b"content-length"]))
            await send({{Start}})
            await send({{End}})
            """));

        await server.Exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        // Kestrel removes the length (RFC 9112, 6.1), or refuses the request and closes the connection.
        string kept = await server.Evaluate("kept");
        kept.ShouldBeOneOf("[('/', b'hello', []), ('/next', b'', [])]", "[('/', b'hello', [])]", "[]");
    }

    [Fact]
    public async Task ABody_LargerThanTheServersLimit_IsRefused()
    {
        await using AsgiServer server = await AsgiServer.Start(
            App($$"""
                while (message := await receive()).get("more_body"): pass
                kept.append(message["type"])
                """),
            build: builder => builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 1000));
        string chunk = $"1F4\r\n{new string('x', 500)}\r\n";

        string answer = await server.Exchange($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}0\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 413 ");
    }

    [Fact]
    public async Task ABody_ThatTurnsOutMalformed_DoesNotReplaceTheResponseByAnEmptyOne()
    {
        // The loop is busy while the server finds the fault.
        await using AsgiServer server = await AsgiServer.Start(
            App("""
                import asyncio, time
                await receive()
                start = {"type": "http.response.start", "status": 403, "headers": []}
                if scope["path"] == "/parts":
                    await send(start)
                    await send({"type": "http.response.body", "body": b"first", "more_body": True})
                    await asyncio.sleep(0.05)
                time.sleep(0.3)
                if scope["path"] != "/parts":
                    await send(start)
                await send({"type": "http.response.body", "body": b"last"})
                """));

        foreach (string path in new[] { "/", "/parts" })
        {
            await using NetworkStream stream = await server.Connect();
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
            await Task.Delay(100);
            await stream.WriteAsync("5\r\nhello\r\nzz\r\n"u8.ToArray());
            using var reader = new StreamReader(stream, Encoding.Latin1);
            string answer;
            try
            {
                answer = await reader.ReadToEndAsync();
            }
            catch (IOException)
            {
                continue; // Reset.
            }

            answer.ShouldNotContain("HTTP/1.1 200 ");
            (answer.Contains("last") || answer.StartsWith("HTTP/1.1 400 ") || !answer.EndsWith("\r\n0\r\n\r\n")).ShouldBeTrue(answer);
        }
    }
}
