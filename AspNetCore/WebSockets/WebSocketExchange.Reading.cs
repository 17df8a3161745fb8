using System.Buffers;
using System.Net.WebSockets;

namespace PyAsync.WebSockets;

// The server's side: the client's messages.
internal sealed partial class WebSocketExchange
{
    private const int ReceiveSize = 4 * 1024;

    /// <summary>Reads the client's messages, until its close frame or the end of the connection.</summary>
    private async Task Pump(WebSocket socket)
    {
        try
        {
            while (await ReadMessage(socket).ConfigureAwait(false) is { } message)
            {
                try
                {
                    await _incoming.Writer.WriteAsync(message, _draining.Token).ConfigureAwait(false);
                    Signal(Signals.Message);
                }
                catch (OperationCanceledException)
                {
                    // The application has closed the connection: only the client's close frame is awaited.
                }
            }
        }
        catch (Exception e) when (IsConnectionLost(e))
        {
            NoteClosed(1006, "");
        }
    }

    /// <summary>Reads a message; null at the end.</summary>
    private async ValueTask<IncomingMessage?> ReadMessage(WebSocket socket)
    {
        var content = new ArrayBufferWriter<byte>(ReceiveSize);
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(content.GetMemory(ReceiveSize), CancellationToken.None).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                int code = (int?)socket.CloseStatus is { } status and not 0 ? status : 1005;
                Answer(code is 1005 or 1006 or 1015 ? 1000 : code);
                NoteClosed(code, socket.CloseStatusDescription ?? "");
                return null;
            }

            content.Advance(part.Count);
            if (content.WrittenCount > Application.Options.MaxWebSocketMessageSize)
            {
                Answer(1009);
                NoteClosed(1009, "");
                return null;
            }

            if (part.EndOfMessage)
            {
                return new IncomingMessage(content.WrittenMemory, part.MessageType == WebSocketMessageType.Text);
            }
        }
    }

    private static bool IsConnectionLost(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Lets the other part of this side, which alone sends, close the connection.</summary>
    private void Answer(int code)
    {
        Volatile.Write(ref _answerCode, code);
        _commands.Writer.TryWrite(new Command.Answer(code));
    }
}
