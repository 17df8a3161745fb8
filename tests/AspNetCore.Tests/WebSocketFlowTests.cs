using System.Net.WebSockets;
using Shouldly;
using Xunit;
using static PyAsync.Tests.WebSocketClient;

namespace PyAsync.Tests;

/// <summary>WebSockets with a side that is slower than the other one.</summary>
public sealed class WebSocketFlowTests
{
    [Fact]
    public async Task Send_ToASlowClient_Waits()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            sent = 0
            async def app(scope, receive, send):
                global sent
                if scope["type"] == "lifespan": return
                await receive()
                await send({"type": "websocket.accept"})
                for i in range(1000):
                    await send({"type": "websocket.send", "bytes": b"x" * 65536})
                    sent += 1
            """);
        using ClientWebSocket socket = await Connect(server, "/");
        int before;
        int after = -1;
        do
        {
            before = after;
            await Task.Delay(200);
            after = int.Parse(await server.Evaluate("sent"));
        }
        while (before != after);

        after.ShouldBeLessThan(500);
        for (int i = 0; i < 1000; i++)
        {
            (await Receive(socket)).Text.Length.ShouldBe(65536);
        }

        await server.Until("sent == 1000");
    }

    [Fact]
    public async Task Receive_OfASlowApplication_HoldsTheClientBack()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            import asyncio
            step = asyncio.Event()
            received = 0
            async def app(scope, receive, send):
                global received
                if scope["type"] == "lifespan": return
                await receive()
                await send({"type": "websocket.accept"})
                await step.wait()
                while (await receive())["type"] == "websocket.receive":
                    received += 1
            """);
        using ClientWebSocket socket = await Connect(server, "/");
        int sent = 0;
        Task sending = Task.Run(async () =>
        {
            byte[] message = new byte[65536];
            for (int i = 0; i < 1000; i++)
            {
                await socket.SendAsync(message, WebSocketMessageType.Binary, true, default);
                Interlocked.Increment(ref sent);
            }
        });
        int before;
        do
        {
            before = Volatile.Read(ref sent);
            await Task.Delay(200);
        }
        while (before != Volatile.Read(ref sent));

        before.ShouldBeLessThan(500);
        await server.Evaluate("step.set()");
        await sending;
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await server.Until("received == 1000");
    }

    [Fact]
    public async Task AWebSocket_OverHttp2()
    {
        await using AsgiServer server = await AsgiServer.Start(
            """
            seen = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                seen.append((scope["type"], scope["http_version"], scope["scheme"]))
                await receive()
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.send", "text": (await receive())["text"] + "!"})
            """,
            protocols: Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = System.Net.HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/"), invoker, default);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);

        (await Receive(socket)).Text.ShouldBe("hello!");
        (await server.Evaluate("seen")).ShouldBe("[('websocket', '2', 'ws')]");
    }

    [Fact]
    public async Task AThousandSockets_AtOnce()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            count = 0
            async def app(scope, receive, send):
                global count
                if scope["type"] == "lifespan": return
                await receive()
                await send({"type": "websocket.accept"})
                count += 1
                await send({"type": "websocket.send", "text": (await receive())["text"]})
                await receive()
            """);
        ClientWebSocket[] sockets = await Task.WhenAll(Enumerable.Range(0, PyAsync.Testing.Repetitions.Of(1_000)).Select(_ => Connect(server, "/")));
        await server.Until($"count == {sockets.Length}");

        await Task.WhenAll(sockets.Select((socket, i) => socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{i}"), WebSocketMessageType.Text, true, default)));
        for (int i = 0; i < sockets.Length; i++)
        {
            (await Receive(sockets[i])).Text.ShouldBe($"{i}");
            sockets[i].Dispose();
        }
    }

    [Fact]
    public async Task Send_AfterTheClientHasLeft_FailsThoughItsMessagesWereNotReceived()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            import asyncio
            received = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                await receive()
                await send({"type": "websocket.accept"})
                try:
                    while True:
                        await send({"type": "websocket.send", "text": "tick"})
                        await asyncio.sleep(0.001)
                except OSError:
                    received.append((await receive())["text"])
                    received.append((await receive())["type"])
                    raise
            """);
        using ClientWebSocket socket = await Connect(server, "/");
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);

        await server.Until("len(received) == 2");
        (await server.Evaluate("received")).ShouldBe("['hi', 'websocket.disconnect']");
        server.Log.Entries.ShouldBeEmpty();
    }
}
