using System.Net.WebSockets;
using System.Text;

namespace PyAsync.Tests;

internal static class WebSocketClient
{
    public static async Task<ClientWebSocket> Connect(AsgiServer server, string path, params string[] subprotocols)
    {
        var socket = new ClientWebSocket();
        Array.ForEach(subprotocols, socket.Options.AddSubProtocol);
        socket.Options.CollectHttpResponseDetails = true;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}{path}"), timeout.Token);
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
}
