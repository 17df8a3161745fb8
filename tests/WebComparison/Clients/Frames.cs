using System.Buffers.Binary;
using System.Text;

namespace PyAsync.Tests;

/// <summary>WebSocket frames (RFC 6455) byte by byte, wrong ones included.</summary>
internal static class Frames
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;

    /// <summary>Creates a client's frame with at most 125 bytes.</summary>
    public static byte[] Client(int opcode, byte[] payload, bool final = true, bool masked = true, int reserved = 0)
    {
        byte[] mask = masked ? [1, 2, 3, 4] : [];
        return
        [
            (byte)((final ? 0x80 : 0) | reserved << 4 | opcode),
            (byte)((masked ? 0x80 : 0) | payload.Length),
            .. mask,
            .. payload.Select((value, i) => masked ? (byte)(value ^ mask[i % 4]) : value),
        ];
    }

    public static byte[] Client(int opcode, string text, bool final = true) => Client(opcode, Encoding.UTF8.GetBytes(text), final);

    /// <summary>Creates a client's close frame.</summary>
    public static byte[] ClientClose(int code, string reason = "")
    {
        byte[] payload = [0, 0, .. Encoding.UTF8.GetBytes(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Client(Close, payload);
    }

    /// <summary>Reads a server's frame, and describes it.</summary>
    public static async Task<string> Read(Wire wire)
    {
        byte[] head = await wire.ReadBytes(2);
        if (head.Length < 2)
        {
            return "ended";
        }

        int length = head[1] & 0x7F;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await wire.ReadBytes(2));
        }
        else if (length == 127)
        {
            length = (int)BinaryPrimitives.ReadUInt64BigEndian(await wire.ReadBytes(8));
        }

        byte[] payload = await wire.ReadBytes(length);
        string final = (head[0] & 0x80) != 0 ? "" : " (not final)";
        return (head[0] & 0xF) switch
        {
            Close when payload.Length >= 2 => $"close {BinaryPrimitives.ReadUInt16BigEndian(payload)}",
            Close => "close without a code",
            Text => $"text “{Encoding.UTF8.GetString(payload)}”{final}",
            Binary => $"{payload.Length} bytes{final}",
            Ping => "ping",
            Pong => $"pong “{Encoding.UTF8.GetString(payload)}”",
            var other => $"frame {other}{final}",
        };
    }
}
