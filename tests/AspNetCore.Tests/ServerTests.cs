using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;
using static PyAsync.Tests.WebSocketClient;

namespace PyAsync.Tests;

/// <summary>TLS, and requests that come when the runtime has ended.</summary>
public sealed class ServerTests
{
    private static readonly string s_connection = App($$"""
        seen = f"{scope['scheme']} {scope['http_version']} {scope['server'][1]}"
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": seen})
            await receive()
            return
        body = (await receive())["body"]
        await send({{Start}})
        await send({"type": "http.response.body", "body": seen.encode() + b" " + body})
        """);

    [Theory]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "2")]
    public async Task Tls_EncryptsRequests(string version, string shown)
    {
        using X509Certificate2 certificate = CreateCertificate();
        await using AsgiServer server = await AsgiServer.Start(s_connection, protocols: HttpProtocols.Http1AndHttp2, certificate: certificate);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new StringContent("secret");

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe($"https {shown} {server.Address.Port} secret");
        server.Address.Scheme.ShouldBe("https");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tls_EncryptsWebSockets()
    {
        using X509Certificate2 certificate = CreateCertificate();
        await using AsgiServer server = await AsgiServer.Start(s_connection, certificate: certificate);
        using ClientWebSocket socket = await Connect(server, "/");

        (await Receive(socket)).Text.ShouldBe($"wss 1.1 {server.Address.Port}");
    }

    [Fact]
    public async Task Requests_AfterTheEndOfTheRuntime_AreAnsweredBy503_WithTheirBodiesRead()
    {
        await using AsgiServer server = await AsgiServer.Start(s_connection, options: options => options.Lifespan = AsgiLifespan.Off);
        await server.Runtime.DisposeAsync();
        const string Request = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n";

        string answer = await server.Exchange($"{Request}\r\nfirst{Request}\r\nother{Request}Connection: close\r\n\r\nthird");

        answer.Split("HTTP/1.1 503 ").Length.ShouldBe(4, answer);
        (await server.Exchange(UpgradeRequest)).ShouldStartWith("HTTP/1.1 503 ");
        await server.Application.StopAsync();
        server.Log.Entries.ShouldHaveSingleItem().ShouldContain("has ended before its host");
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
