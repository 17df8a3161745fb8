using System.Net.Sockets;
using System.Net.WebSockets;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;
using static PyAsync.Tests.WebSocketClient;

namespace PyAsync.Tests;

/// <summary>WebSockets with a side that is slower than the other one.</summary>
public sealed class WebSocketFlowTests
{
    [Fact]
    public async Task Send_ToASlowClient_Waits()
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting("""
            for i in range(1000):
                await send({"type": "websocket.send", "bytes": b"x" * 65536})
                count += 1
            """));
        using ClientWebSocket socket = await Connect(server, "/");

        (await server.UntilStill()).ShouldBeLessThan(500);
        for (int i = 0; i < 1000; i++)
        {
            (await Receive(socket)).Text.Length.ShouldBe(65536);
        }

        await server.Until("count == 1000");
    }

    [Fact]
    public async Task Receive_OfASlowApplication_HoldsTheClientBack()
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting("""
            await step.wait()
            while (await receive())["type"] == "websocket.receive":
                count += 1
            """));
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

        (await server.UntilStill(() => Volatile.Read(ref sent))).ShouldBeLessThan(500);
        await server.Evaluate("step.set()");
        await sending;
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await server.Until("count == 1000");
    }

    [Fact]
    public async Task AWebSocket_OverHttp2()
    {
        await using AsgiServer server = await AsgiServer.Start(
            Accepting("""
                kept.append((scope["type"], scope["http_version"], scope["scheme"]))
                await send({"type": "websocket.send", "text": (await receive())["text"] + "!"})
                """),
            protocols: Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = System.Net.HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/"), invoker, default);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);

        (await Receive(socket)).Text.ShouldBe("hello!");
        (await server.Evaluate("kept")).ShouldBe("[('websocket', '2', 'ws')]");
    }

    [Fact]
    public async Task AThousandSockets_AtOnce()
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting("""
            count += 1
            await send({"type": "websocket.send", "text": (await receive())["text"]})
            await receive()
            """));
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
        await using AsgiServer server = await AsgiServer.Start(Accepting("""
            try:
                while True:
                    await send({"type": "websocket.send", "text": "tick"})
                    await asyncio.sleep(0.001)
            except OSError:
                kept.append((await receive())["text"])
                kept.append((await receive())["type"])
                raise
            """));
        using ClientWebSocket socket = await Connect(server, "/");
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);

        await server.Until("len(kept) == 2");
        (await server.Evaluate("kept")).ShouldBe("['hi', 'websocket.disconnect']");
        server.Log.Entries.ShouldBeEmpty();
    }
}
