using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

public sealed class HttpTests
{
    private const string Hello = """
        async def app(scope, receive, send):
            assert scope["type"] == "http" or scope["type"] == "lifespan"
            if scope["type"] == "lifespan": return
            await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"text/plain"), (b"x-one", b"1"), (b"x-one", b"2")]})
            await send({"type": "http.response.body", "body": b"hello"})
        """;

    private const string Scope = """
        import json
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            shown = {key: value for key, value in scope.items() if key != "headers"}
            text = json.dumps({"scope": shown, "headers": scope["headers"]}, default=lambda o: o.decode("latin-1") if isinstance(o, bytes) else repr(o))
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": text.encode()})
        """;

    [Fact]
    public async Task Response_HasStatusHeadersAndBody()
    {
        await using AsgiServer server = await AsgiServer.Start(Hello);

        using HttpResponseMessage response = await server.Client.GetAsync("/");

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain");
        response.Headers.GetValues("x-one").ShouldBe(["1", "2"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe("hello");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_OneAfterAnotherAndAtOnce_AllGetTheirAnswer()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            import asyncio
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                if scope["query_string"].endswith(b"7"): await asyncio.sleep(0)
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": scope["query_string"]})
            """);

        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
            (await server.Client.GetStringAsync($"/?{i}", cancellationToken)).ShouldBe($"{i}"));
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Scope_HasWhatAsgiSpecifies()
    {
        await using AsgiServer server = await AsgiServer.Start(Scope, "/mounted");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mounted/caf%C3%A9/a%20b%2Fc?q=%20&q=2");
        request.Headers.Add("X-Twice", ["one", "two"]);

        using HttpResponseMessage response = await server.Client.SendAsync(request);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        JsonElement scope = document.RootElement.GetProperty("scope");

        scope.GetProperty("type").GetString().ShouldBe("http");
        scope.GetProperty("asgi").GetProperty("version").GetString().ShouldBe("3.0");
        scope.GetProperty("http_version").GetString().ShouldBe("1.1");
        scope.GetProperty("method").GetString().ShouldBe("GET");
        scope.GetProperty("scheme").GetString().ShouldBe("http");
        scope.GetProperty("path").GetString().ShouldBe("/mounted/café/a b%2Fc");
        scope.GetProperty("raw_path").GetString().ShouldBe("/mounted/caf%C3%A9/a%20b%2Fc");
        scope.GetProperty("query_string").GetString().ShouldBe("q=%20&q=2");
        scope.GetProperty("root_path").GetString().ShouldBe("/mounted");
        scope.GetProperty("client")[0].GetString().ShouldBe("127.0.0.1");
        scope.GetProperty("server")[1].GetInt32().ShouldBe(server.Address.Port);
        scope.GetProperty("state").EnumerateObject().ShouldBeEmpty();
        string[] headers = [.. document.RootElement.GetProperty("headers").EnumerateArray().Select(pair => $"{pair[0]}: {pair[1]}")];
        headers.ShouldContain($"host: 127.0.0.1:{server.Address.Port}");
        headers.ShouldContain(header => header.StartsWith("x-twice: one"));
    }

    [Fact]
    public async Task Headers_ThatAreRepeated_StaySeparateAndHaveTheirBytes()
    {
        await using AsgiServer server = await AsgiServer.Start(Scope);

        string answer = await server.Exchange("GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nX-Bytes: caf\xC3\xA9\r\nConnection: close\r\n\r\n");

        answer.ShouldContain("""["x-a", "1"], ["x-a", "2"]""");
        answer.ShouldContain("""["x-bytes", "caf\u00c3\u00a9"]""");
    }

    [Theory]
    [InlineData("X-Bytes", "x-bytes")]
    [InlineData("User-Agent", "user-agent")]
    public async Task Headers_InLatin1_HaveTheBytesThatWereSent_IfTheHostDecodesThemSo(string name, string seen)
    {
        await using AsgiServer server = await AsgiServer.Start(
            Scope,
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.RequestHeaderEncodingSelector = decoded => decoded == name ? Encoding.Latin1 : null));

        string answer = await server.Exchange($"GET / HTTP/1.1\r\nHost: h\r\n{name}: caf\xE9\r\nX-Other: caf\xC3\xA9\r\nConnection: close\r\n\r\n");

        answer.ShouldContain($"""["{seen}", "caf\u00e9"]""");
        answer.ShouldContain("""["x-other", "caf\u00c3\u00a9"]""");
    }

    [Fact]
    public async Task Scopes_OfTwoRequests_ShareNothingThatCanChange()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            seen = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan":
                    scope["state"]["count"] = 1
                    return
                seen.append((len(scope["headers"]), "new" in scope["asgi"], "new" in scope["extensions"], scope["state"]["count"], "new" in scope))
                scope["asgi"]["new"] = scope["extensions"]["new"] = scope["new"] = 1
                scope["state"]["count"] += 1
                scope["headers"].append((b"x", b"y"))
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body"})
            """);

        await server.Client.GetStringAsync("/");
        await server.Client.GetStringAsync("/");

        (await server.Evaluate("seen[0] == seen[1] == (1, False, False, 1, False)")).ShouldBe("True", await server.Evaluate("seen"));
    }

    [Fact]
    public async Task Response_InParts_IsSentAsItComes()
    {
        await using AsgiServer server = await AsgiServer.Start(App("""
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-early", b"yes")]})
            await step.wait()
            step.clear()
            await send({"type": "http.response.body", "body": b"one\n", "more_body": True})
            await step.wait()
            await send({"type": "http.response.body", "body": bytearray(b"two\n"), "more_body": True})
            await send({"type": "http.response.body", "body": memoryview(b"three\n")})
            """));

        using HttpResponseMessage response = await server.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        response.Headers.GetValues("x-early").ShouldBe(["yes"]);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await server.Evaluate("step.set()");
        (await reader.ReadLineAsync()).ShouldBe("one");
        await server.Evaluate("step.set()");
        (await reader.ReadToEndAsync()).ShouldBe("two\nthree\n");
        response.Headers.TransferEncodingChunked.ShouldBe(true);
    }

    [Fact]
    public async Task Send_ToASlowClient_Waits()
    {
        await using AsgiServer server = await AsgiServer.Start(App("""
            await send({"type": "http.response.start", "status": 200})
            for i in range(1000):
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                count += 1
            await send({"type": "http.response.body"})
            """));

        using HttpResponseMessage response = await server.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);

        (await server.UntilStill()).ShouldBeLessThan(500, "the buffers of the sockets, the server and the client hold some megabytes");
        (await (await response.Content.ReadAsStreamAsync()).CopyToCount()).ShouldBe(1000 * 65536);
        await server.Until("count == 1000");
    }

    [Theory]
    [InlineData("HEAD", 200, "content-length: 5")]
    [InlineData("GET", 204, "")]
    [InlineData("GET", 304, "")]
    public async Task Response_WithoutABody_HasNone(string method, int status, string header)
    {
        await using AsgiServer server = await AsgiServer.Start($$"""
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                await send({"type": "http.response.start", "status": {{status}}, "headers": [(b"content-length", b"5")]})
                await send({"type": "http.response.body", "body": b"hello"})
            """);

        string answer = await server.Exchange($"{method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain(header, Case.Insensitive);
        answer.ShouldEndWith("\r\n\r\n");
        answer.ShouldNotContain("hello");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Trailers_AreSent()
    {
        await using AsgiServer server = await AsgiServer.Start(
            """
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                assert "http.response.trailers" in scope["extensions"]
                await send({"type": "http.response.start", "status": 200, "trailers": True})
                await send({"type": "http.response.body", "body": b"data"})
                await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"4")], "more_trailers": True})
                await send({"type": "http.response.trailers", "headers": [(b"x-end", b"yes")]})
            """,
            protocols: HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe("data");
        response.TrailingHeaders.GetValues("x-sum").ShouldBe(["4"]);
        response.TrailingHeaders.GetValues("x-end").ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Trailers_OverHttp1_AreLeftOut()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                assert "http.response.trailers" not in scope["extensions"]
                await send({"type": "http.response.start", "status": 200, "trailers": True})
                await send({"type": "http.response.body", "body": b"data"})
                await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"4")]})
            """);

        (await server.Exchange("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: close\r\n\r\n")).ShouldEndWith("\r\n4\r\ndata\r\n0\r\n\r\n");
    }

    [Fact]
    public async Task Pathsend_SendsAFile()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "of a file");
        await using AsgiServer server = await AsgiServer.Start($$"""
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
                await send({"type": "http.response.pathsend", "path": "{{path}}"})
            """);

        (await server.Client.GetStringAsync("/")).ShouldBe("of a file");
        File.Delete(path);
    }

    [Fact]
    public async Task BackgroundWork_RunsAfterTheResponse()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({{Start}})
            await send({{End}})
            assert (await receive())["type"] == "http.disconnect"
            await step.wait()
            count += 1
            """));
        await using var stream = await server.Connect();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"u8.ToArray());

        string answer = await new StreamReader(stream).ReadToEndAsync();
        answer.Split("fine").Length.ShouldBe(3, "the connection serves the next request while the work of the first one runs");
        (await server.Evaluate("count")).ShouldBe("0");
        await server.Evaluate("step.set()");
        await server.Until("count == 2");
        server.Log.Entries.ShouldBeEmpty();
    }
}
