using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Xunit;
using static PyAsync.Tests.Frames;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>WebSockets: .NET's client, Python's client library, and frames byte by byte.</summary>
internal static class SocketCases
{
    private const string Group = "WebSockets";

    public static IEnumerable<Question> All { get; } =
    [
        .. PythonSockets.Scenarios.Select(static scenario => new Question(Group, $"websockets: {scenario}", server => PythonSockets.Answer(server, scenario))),
        new(Group, "ClientWebSocket: echo of text, bytes and 1 MB", Echo),
        new(Group, "ClientWebSocket: 2,000 messages", static async server =>
        {
            using ClientWebSocket socket = await Connect(server, "/sockets/echo");
            Task send = Task.Run(async () =>
            {
                for (int i = 0; i < 2000; i++)
                {
                    await socket.SendAsync(Encoding.UTF8.GetBytes($"message {i}"), WebSocketMessageType.Text, true, default);
                }
            });
            int right = 0;
            for (int i = 0; i < 2000; i++)
            {
                right += await Receive(socket) == $"text “message {i}”" ? 1 : 0;
            }

            await send;
            return $"{right} in order";
        }),
        new(Group, "ClientWebSocket: a rejection", static async server =>
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            WebSocketException e = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/sockets/rejects"), default));
            return $"{e.WebSocketErrorCode}, {(int)socket.HttpStatusCode}";
        }),
        new(Group, "ClientWebSocket of Starlette", static async server =>
        {
            using ClientWebSocket socket = await Connect(server, "/starlette/socket", "chat");
            await Send(socket, "hello");
            return $"{socket.SubProtocol}, {await Receive(socket)}";
        }),
        new(Group, "ClientWebSocket of FastAPI", static async server =>
        {
            using ClientWebSocket socket = await Connect(server, "/fastapi/socket/room");
            await Send(socket, "hello");
            return $"{await Receive(socket)}, {await Receive(socket)}";
        }),
        Framed("fragments of a text, with a ping between", "/sockets/echo", Client(Text, "one ", final: false), Client(Ping, "?"), Client(Continuation, "two")),
        Framed("empty messages", "/sockets/echo", Client(Text, ""), Client(Binary, [])),
        Framed("a close without a code", "/sockets/echo", Client(Close, [])),
        Framed("a close with a code", "/sockets/echo", ClientClose(3000, "bye")),
        Violation("a close with a code that is not allowed", ClientClose(1005)),
        Violation("a close with one byte", Client(Close, [3])),
        Violation("a text that is no UTF-8", Client(Text, [0xC3, 0x28])),
        Violation("a frame without a mask", Client(Text, "0123456789"u8.ToArray(), masked: false)),
        Violation("a reserved bit", Client(Text, "x"u8.ToArray(), reserved: 4)),
        Violation("an unknown opcode", Client(3, "x"u8.ToArray())),
        Violation("a continuation without a start", Client(Continuation, "x")),
        Violation("a ping that is fragmented", Client(Ping, "x"u8.ToArray(), final: false)),
        Left("a client that leaves with a close frame", static wire => wire.Send(ClientClose(1001, "going"))),
        Left("a client that leaves without a close frame", static wire => Ended(wire.Dispose)),
        Left("a client that leaves by a reset", static wire => Ended(wire.Reset)),
        Left("a client that leaves within a frame", static async wire =>
        {
            await wire.Send(Client(Text, "cut off").AsMemory(0, 5));
            wire.Dispose();
        }),
        Upgraded("without a key", Get("/sockets/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")),
        Upgraded("with another version", Get("/sockets/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 8")),
        Upgraded("with a short key", Get("/sockets/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: abc", "Sec-WebSocket-Version: 13")),
        Upgraded("with Connection: keep-alive, Upgrade", Get("/sockets/echo", "Upgrade: WebSocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13")),
        Upgraded("with POST", Line("POST", "/sockets/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Content-Length: 0")),
        new(Group, "the headers of an accepted upgrade", static async server =>
        {
            Answer? answer = await server.Ask(Upgrade("/sockets/subprotocol", "Sec-WebSocket-Protocol: a, b"));
            return answer?.ToString() ?? "no answer";
        }),
        new(Group, "a rejection before accept", static async server => (await server.Ask(Upgrade("/sockets/rejects")))?.Status.ToString() ?? "no answer"),
        new(Group, "a rejection with a response", static async server => $"{await server.Ask(Upgrade("/sockets/rejects-with-response"))}"),
        new(Group, "an application that raises before accept", static async server => (await server.Ask(Upgrade("/sockets/raises-before")))?.Status.ToString() ?? "no answer"),
        new(Group, "an application that returns before accept", static async server => (await server.Ask(Upgrade("/sockets/returns-before")))?.Status.ToString() ?? "no answer"),
        Framed("an application that raises after accept", "/sockets/raises-after"),
        Framed("an application that returns after accept", "/sockets/returns-after"),
        Framed("an application that closes", "/sockets/closes?code=4005"),
        Framed("an application that closes without a code", "/sockets/closes-without-code"),
        new(Group, "send before accept", static async server =>
        {
            string key = server.NewKey();
            Answer? answer = await server.Ask(Upgrade($"/sockets/sends-first?key={key}"));
            return $"{answer?.Status}; application: {await server.Journal(key)}";
        }),
        new(Group, "send after close", static async server =>
        {
            string key = server.NewKey();
            using Wire wire = await Wire.Connect(server.Port);
            await wire.Send(Upgrade($"/sockets/sends-after-close?key={key}"));
            await wire.Read();
            string frame = await Read(wire);
            await wire.Send(ClientClose(1000));
            return $"{frame}; application: {await server.Journal(key)}";
        }),
        new(Group, "a client that reads nothing makes send wait", static async server =>
        {
            string key = server.NewKey();
            using Wire wire = await Wire.Connect(server.Port, receiveBuffer: 4096);
            await wire.Send(Upgrade($"/sockets/floods?key={key}"));
            return await server.Journal(key);
        }),
    ];

    private static async Task<string> Echo(Server server)
    {
        using ClientWebSocket socket = await Connect(server, "/sockets/echo");
        await Send(socket, "grüß dich 🐍");
        string text = await Receive(socket);
        await socket.SendAsync(new byte[] { 0, 1, 255 }, WebSocketMessageType.Binary, true, default);
        string bytes = await Receive(socket);
        await socket.SendAsync(new byte[1_000_000], WebSocketMessageType.Binary, true, default);
        string large = await Receive(socket);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        return $"{text}, {bytes}, {large}, closed with {(int?)socket.CloseStatus}";
    }

    private static async Task<ClientWebSocket> Connect(Server server, string path, string? subprotocol = null)
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null)
        {
            socket.Options.AddSubProtocol(subprotocol);
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}{path}"), default);
        return socket;
    }

    private static Task Send(ClientWebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);

    private static async Task<string> Receive(ClientWebSocket socket)
    {
        var message = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        WebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(buffer, default);
            message.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);

        return result.MessageType switch
        {
            WebSocketMessageType.Close => $"close {(int?)result.CloseStatus}",
            WebSocketMessageType.Text => $"text “{Encoding.UTF8.GetString(message.ToArray())}”",
            _ => $"{message.Length} bytes",
        };
    }

    // Sends frames after the upgrade, and reads as many answers; a pong may come before the answer to a message.
    private static Question Framed(string name, string path, params byte[][] frames) => new(Group, name, async server =>
    {
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(Upgrade(path));
        if (await wire.Read() is not { Status: 101 })
        {
            return "no upgrade";
        }

        List<string> parts = [];
        try
        {
            foreach (byte[] frame in frames)
            {
                await wire.Send(frame);
            }

            int answers = Math.Max(1, frames.Count(static frame => (frame[0] & 0x80) != 0));
            while (parts.Count < answers && parts.LastOrDefault() != "ended")
            {
                parts.Add(await Read(wire));
            }
        }
        catch (SocketException)
        {
            parts.Add("ended");
        }

        return string.Join(", ", parts.Order(StringComparer.Ordinal));
    });

    // Nothing is sent behind a wrong frame: a server that closes the connection with something unread resets it, and its close frame may be lost.
    private static Question Violation(string name, byte[] frame) => new(Group, name, async server =>
    {
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(Upgrade("/sockets/echo"));
        await wire.Read();
        await wire.Send(frame);
        try
        {
            return await server.AnswersBriefly(Read(wire));
        }
        catch (TimeoutException)
        {
            return "no answer";
        }
    });

    private static Question Left(string name, Func<Wire, Task> leave) => new(Group, name, async server =>
    {
        string key = server.NewKey();
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(Upgrade($"/sockets/watches?key={key}"));
        await server.Reached(key, "accepted");
        await leave(wire);
        return await server.Journal(key);
    });

    private static Question Upgraded(string name, string request) => new(Group, $"an upgrade {name}", async server => (await server.Ask(request))?.Status.ToString() ?? "no answer");

    private static Task Ended(Action end)
    {
        end();
        return Task.CompletedTask;
    }
}
