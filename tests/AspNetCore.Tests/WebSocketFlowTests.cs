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

    [Theory]
    [InlineData("sending = send(message)")]
    [InlineData("sending = send(message); await send({'type': 'websocket.close'})")]
    [InlineData("sending = send(message); raise ValueError('lost')")]
    public async Task AClient_ThatNeverReads_DoesNotHoldTheServerBeyondTheCloseTimeout(string end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using AsgiServer server = await AsgiServer.Start(
            Accepting($$"""
                message = {"type": "websocket.send", "bytes": bytes(32 * 1024 * 1024)}
                {{end}}
                """),
            options: options => options.WebSocketCloseTimeout = TimeSpan.FromMilliseconds(100),
            use: app => app.Use(async (context, next) =>
            {
                await next(context);
                ended.SetResult();
            }));
        await using NetworkStream client = await ConnectFramed(server);

        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task APing_IsAnsweredByAPong()
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting("await send({'type': 'websocket.send', 'text': (await receive())['text']})"));
        await using NetworkStream client = await ConnectFramed(server);

        await client.WriteAsync(Frame(9, "are you there?"));

        (await ReadFrame(client)).ShouldBe((10, "are you there?"));
        await client.WriteAsync(Frame(1, "hello"));
        (await ReadFrame(client)).ShouldBe((1, "hello"));
    }

    [Fact]
    public async Task AClient_ThatAnswersNoPing_GivesDisconnect()
    {
        await using AsgiServer server = await AsgiServer.Start(
            Accepting("kept.append(await receive())"),
            build: builder => builder.Services.Configure<WebSocketOptions>(options => options.KeepAliveInterval = options.KeepAliveTimeout = TimeSpan.FromMilliseconds(100)));
        await using NetworkStream client = await ConnectFramed(server);

        (await ReadFrame(client)).Opcode.ShouldBe(9);

        await server.Until("kept");
        (await server.Evaluate("kept[0]['type'], kept[0]['code']")).ShouldBe("('websocket.disconnect', 1006)");
    }
}
