using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;
using static PyAsync.Tests.WebSocketClient;

namespace PyAsync.Tests;

public sealed class WebSocketTests
{
    private const string Echo = """
        log = []
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            log.append((scope["type"], scope["scheme"], scope["path"], scope["root_path"], scope["subprotocols"], "method" in scope))
            assert (await receive()) == {"type": "websocket.connect"}
            await send({"type": "websocket.accept", "subprotocol": scope["subprotocols"][0] if scope["subprotocols"] else None, "headers": [(b"x-hello", b"there")]})
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    log.append((message["code"], message["reason"]))
                    break
                assert ("text" in message) != ("bytes" in message)
                await send({"type": "websocket.send", "text": message.get("text"), "bytes": message.get("bytes")})
        """;

    [Fact]
    public async Task Messages_ComeBack()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo, "/ws");
        using ClientWebSocket socket = await Connect(server, "/ws/a%20b", "chat", "other");

        socket.SubProtocol.ShouldBe("chat");
        socket.HttpResponseHeaders!["x-hello"].ShouldBe(["there"]);
        foreach (string text in (string[])["", "héllo ✓", new string('x', 100_000)])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);
            (await Receive(socket)).ShouldBe((WebSocketMessageType.Text, text));
        }

        await socket.SendAsync(new byte[] { 0, 1 }, WebSocketMessageType.Binary, false, default);
        await socket.SendAsync(new byte[] { 2, 255 }, WebSocketMessageType.Binary, true, default);
        (await Receive(socket)).ShouldBe((WebSocketMessageType.Binary, "\u0000\u0001\u0002\uFFFD"));
        await socket.CloseAsync((WebSocketCloseStatus)4001, "bye", default);
        await server.Until("len(log) == 2");
        (await server.Evaluate("log")).ShouldBe("[('websocket', 'ws', '/ws/a b', '/ws', ['chat', 'other'], False), (4001, 'bye')]");
        socket.CloseStatus.ShouldBe((WebSocketCloseStatus)4001);
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task AClient_ThatIsLost_GivesDisconnect()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo);
        ClientWebSocket socket = await Connect(server, "/");

        socket.Abort();

        await server.Until("len(log) == 2");
        (await server.Evaluate("log[1]")).ShouldBe("(1006, '')");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{'type': 'websocket.close'}", 1000, "")]
    [InlineData("{'type': 'websocket.close', 'code': 4321, 'reason': 'enough'}", 4321, "enough")]
    public async Task TheApplication_ClosesTheConnection(string message, int code, string reason)
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting($$"""
            await send({{message}})
            kept.append(await receive())
            try: await send({"type": "websocket.send", "text": "late"})
            except (RuntimeError, OSError) as error: errors.append(error)
            """));
        using ClientWebSocket socket = await Connect(server, "/");

        (await socket.ReceiveAsync(new byte[100], default)).MessageType.ShouldBe(WebSocketMessageType.Close);

        ((int?)socket.CloseStatus).ShouldBe(code);
        socket.CloseStatusDescription.ShouldBe(reason);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await server.Until("errors");
        (await server.Evaluate("kept[0]")).ShouldBe($"{{'type': 'websocket.disconnect', 'code': {code}, 'reason': '{reason}'}}");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("return", 1000)]
    [InlineData("raise ValueError('lost')", 1011)]
    public async Task AnApplication_ThatEnds_ClosesTheConnection(string end, int code)
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting(end));
        using ClientWebSocket socket = await Connect(server, "/");

        (await socket.ReceiveAsync(new byte[100], default)).MessageType.ShouldBe(WebSocketMessageType.Close);

        ((int?)socket.CloseStatus).ShouldBe(code);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        if (code == 1011)
        {
            await server.UntilLogged("ValueError: lost");
            server.Log.Entries.ShouldHaveSingleItem();
        }
    }

    [Theory]
    [InlineData("await send({'type': 'websocket.close'})", 403, "")]
    [InlineData("await send({'type': 'websocket.http.response.start', 'status': 418, 'headers': [(b'x-a', b'b')]}); await send({'type': 'websocket.http.response.body', 'body': b'no '  , 'more_body': True}); await send({'type': 'websocket.http.response.body', 'body': b'tea'})", 418, "no tea")]
    [InlineData("raise ValueError('early')", 500, "")]
    [InlineData("return", 500, "")]
    public async Task AConnection_IsRejected(string body, int status, string text)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            assert "websocket.http.response" in scope["extensions"]
            await receive()
            {{body}}
            """));

        string answer = await server.Exchange(UpgradeRequest);

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        foreach (string word in text.Split(' '))
        {
            answer.ShouldContain(word);
        }
    }

    [Theory]
    [InlineData("raise ValueError('cut')", "ValueError: cut")]
    [InlineData("return", "returned without answering the request for a WebSocket")]
    public async Task ARejection_WhoseResponseTheApplicationDoesNotComplete_IsCutOff(string end, string logged)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await receive()
            await send({"type": "websocket.http.response.start", "status": 401})
            await send({"type": "websocket.http.response.body", "body": b"first", "more_body": True})
            await step.wait()
            {{end}}
            """));
        await using NetworkStream stream = await server.Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(UpgradeRequest));
        (await stream.ReadUntil("first")).ShouldStartWith("HTTP/1.1 401 ");

        await server.Evaluate("step.set()");

        (await stream.ReadUntilClosed()).ShouldNotContain("0\r\n\r\n", Case.Sensitive, "the body is not complete");
        await server.UntilLogged(logged);
    }

    [Fact]
    public async Task Send_TakesItsMessageByKeyword()
    {
        await using AsgiServer server = await AsgiServer.Start(Accepting("""
            for wrong in ((), ({}, {})):
                try: await send(*wrong)
                except TypeError as error: errors.append(str(error))
            try: await send(text="x")
            except TypeError as error: errors.append(str(error))
            await send(message={"type": "websocket.send", "text": "fine"})
            await receive()
            """));
        using ClientWebSocket socket = await Connect(server, "/");

        (await Receive(socket)).Text.ShouldBe("fine");
        (await server.Evaluate("errors")).ShouldBe(
            "['send() takes exactly one argument (0 given)', 'send() takes exactly one argument (2 given)', 'send() takes no keyword arguments']");
    }

    [Theory]
    [InlineData("{'type': 'websocket.send', 'text': 'x'}", "Expected ASGI message 'websocket.accept'")]
    [InlineData("{'type': 'websocket.accept', 'subprotocol': 'a b'}", "invalid subprotocol")]
    [InlineData("{'type': 'websocket.accept', 'headers': [(b'a\\r', b'b')]}", "invalid HTTP header name")]
    [InlineData("{'type': 'websocket.close', 'code': 1006}", "invalid close code 1006")]
    [InlineData("{'type': 'websocket.close', 'reason': 'x' * 200}", "at most 123 bytes")]
    public async Task AMessage_ThatIsWrong_RaisesAnError(string message, string error)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await receive()
            try: await send({{message}})
            except RuntimeError as error: errors.append(str(error))
            await send({"type": "websocket.accept"})
            for wrong in ({"type": "websocket.send"}, {"type": "websocket.send", "text": "a", "bytes": b"b"}, {"type": "websocket.accept"}):
                try: await send(wrong)
                except RuntimeError as error: errors.append(str(error))
            await send({"type": "websocket.send", "text": "fine"})
            await receive()
            """));
        using ClientWebSocket socket = await Connect(server, "/");

        (await Receive(socket)).Text.ShouldBe("fine");

        (await server.Evaluate("errors[0]")).ShouldContain(error);
        (await server.Evaluate("errors[1:]")).ShouldBe(
            """["a 'websocket.send' message has either 'text' or 'bytes'", "a 'websocket.send' message has either 'text' or 'bytes'", "Expected ASGI message 'websocket.send' or 'websocket.close', but got 'websocket.accept'."]""");
    }

    [Fact]
    public async Task AMessage_LargerThanTheLimit_ClosesTheConnection()
    {
        await using AsgiServer server = await AsgiServer.Start(Echo, options: options => options.MaxWebSocketMessageSize = 1000);
        using ClientWebSocket socket = await Connect(server, "/");

        await socket.SendAsync(new byte[2000], WebSocketMessageType.Binary, true, default);

        (await socket.ReceiveAsync(new byte[100], default)).MessageType.ShouldBe(WebSocketMessageType.Close);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
        await server.Until("len(log) == 2");
        (await server.Evaluate("log[1]")).ShouldBe("(1009, '')");
    }

    [Fact]
    public async Task TheHostsStop_ClosesTheConnection()
    {
        AsgiServer server = await AsgiServer.Start(Echo);
        using ClientWebSocket socket = await Connect(server, "/");
        Task stop = server.Application.StopAsync();

        (await socket.ReceiveAsync(new byte[100], default)).MessageType.ShouldBe(WebSocketMessageType.Close);
        ((int?)socket.CloseStatus).ShouldBe(1012);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await stop;
        server.Module.GetAttr("log").ToString()!.ShouldContain("(1012, '')");
        await server.DisposeAsync();
    }
}
