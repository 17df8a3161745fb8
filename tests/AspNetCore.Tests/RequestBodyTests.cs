using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class RequestBodyTests
{
    private const string Echo = """
        parts = []
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            body = b""
            while True:
                message = await receive()
                assert message["type"] == "http.request", message
                parts.append(len(message["body"]))
                body += message["body"]
                if not message["more_body"]:
                    break
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public async Task Body_OfAnyLength_ComesBack(int length)
    {
        await using AsgiServer server = await AsgiServer.Start(Echo);
        byte[] body = new byte[length];
        new Random(1).NextBytes(body);

        using HttpResponseMessage response = await server.Client.PostAsync("/", new ByteArrayContent(body));

        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(body);
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_InChunks_IsReceivedAsItComes()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo);
        await using var stream = await server.Connect();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n"u8.ToArray());
        await server.Until("parts == [3]");
        await stream.WriteAsync("2\r\nde\r\n"u8.ToArray());
        await server.Until("parts == [3, 2]");
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());

        (await new StreamReader(stream).ReadToEndAsync()).ShouldEndWith("\r\n\r\nabcde");
    }

    [Fact]
    public async Task Body_WithExpect_IsRequestedByReceive()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo);
        await using var stream = await server.Connect();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
        await stream.WriteAsync("ab"u8.ToArray());

        (await reader.ReadToEndAsync()).ShouldEndWith("\r\n\r\nab");
    }

    [Fact]
    public async Task Http2_ManyStreamsOfOneConnection()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo, protocols: HttpProtocols.Http2);

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', i * 100)));
            using HttpResponseMessage response = await server.Client.SendAsync(request, cancellationToken);
            (await response.Content.ReadAsStringAsync(cancellationToken)).Length.ShouldBe(i * 100);
        });
    }

    [Fact]
    public async Task Pipelining_AnswersInOrder()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo);
        string request = string.Concat(Enumerable.Range(0, 20).Select(i => $"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n{(i == 19 ? "Connection: close\r\n" : "")}\r\n{i:00}"));

        string answer = await server.Exchange(request);

        string[] bodies = [.. answer.Split("HTTP/1.1 200 OK", StringSplitOptions.RemoveEmptyEntries).Select(part => part[^2..])];
        bodies.ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i:00}"));
    }

    [Fact]
    public async Task AnUpload_OfAGigabyte_TakesFlatMemory()
    {
        await using AsgiServer server = await AsgiServer.Start(
            """
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                count = 0
                while True:
                    message = await receive()
                    count += len(message["body"])
                    if not message["more_body"]: break
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": str(count).encode()})
            """,
            build: builder => builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null));
        byte[] part = new byte[1024 * 1024];
        int parts = Repetitions.Of(1024);
        await server.Client.PostAsync("/", new ByteArrayContent(part));
        long before = Environment.WorkingSet;
        long most = before;
        await using var stream = await server.Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {(long)parts * part.Length}\r\n\r\n"));
        for (int i = 0; i < parts; i++)
        {
            await stream.WriteAsync(part);
            most = Math.Max(most, Environment.WorkingSet);
        }

        (await new StreamReader(stream).ReadToEndAsync()).ShouldContain($"{(long)parts * part.Length}");
        (most - before).ShouldBeLessThan(100L * 1024 * 1024);
    }
}
