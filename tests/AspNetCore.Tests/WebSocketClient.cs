using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Shouldly;

namespace PyAsync.Tests;

internal static class WebSocketClient
{
    /// <summary>Gets a request for a WebSocket, after whose rejection the server closes the connection.</summary>
    public const string UpgradeRequest =
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    public static async Task<ClientWebSocket> Connect(AsgiServer server, string path, params string[] subprotocols)
    {
        var socket = new ClientWebSocket();
        Array.ForEach(subprotocols, socket.Options.AddSubProtocol);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.RemoteCertificateValidationCallback = server.IsCertificate;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string scheme = server.Address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        await socket.ConnectAsync(new Uri($"{scheme}://{server.Address.Authority}{path}"), timeout.Token);
        return socket;
    }

    public static async Task<(WebSocketMessageType Type, string Text)> Receive(ClientWebSocket socket)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[65536];
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, timeout.Token);
            content.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return (part.MessageType, Encoding.UTF8.GetString(content.ToArray()));
            }
        }
    }

    /// <summary>Opens a WebSocket whose frames the test reads and writes itself.</summary>
    public static async Task<NetworkStream> ConnectFramed(AsgiServer server)
    {
        NetworkStream stream = await server.Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(UpgradeRequest));
        (await stream.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101 ");
        return stream;
    }

    /// <summary>Makes a frame of a client, with fewer than 126 bytes, and a mask that changes nothing.</summary>
    public static byte[] Frame(int opcode, string content) =>
        [(byte)(0x80 | opcode), (byte)(0x80 | content.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(content)];

    /// <summary>Reads a frame of the server, with fewer than 126 bytes.</summary>
    public static async Task<(int Opcode, string Content)> ReadFrame(Stream stream)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        byte[] head = new byte[2];
        await stream.ReadExactlyAsync(head, timeout.Token);
        byte[] content = new byte[head[1]];
        await stream.ReadExactlyAsync(content, timeout.Token);
        return (head[0] & 0x0F, Encoding.ASCII.GetString(content));
    }
}
