using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PyAsync.Tests;

/// <summary>A connection on which bytes are sent as they are, and on which answers are read as RFC 9112 frames them.</summary>
internal sealed class Wire : IDisposable
{
    // A server that has not answered by then never does; the machine may be busy.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;

    public static async Task<Wire> Connect(int port, int receiveBuffer = 0)
    {
        var wire = new Wire();
        if (receiveBuffer > 0)
        {
            wire._socket.ReceiveBufferSize = receiveBuffer;
        }

        await wire._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return wire;
    }

    /// <summary>Sends text, each character as one byte.</summary>
    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Ends this side of the connection; the server's stays open.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection at once, with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Reads the next answer, interim ones included if they are asked for.</summary>
    /// <returns>The answer, or null if the server closed the connection without one.</returns>
    /// <exception cref="TimeoutException">There was no answer within the time.</exception>
    public async Task<Answer?> Read(bool isHead = false)
    {
        try
        {
            return await ReadAnswer(isHead).WaitAsync(s_timeout);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Describes the state of the connection after an answer: closed, or kept for the next request.</summary>
    public async Task<string> State(Answer? last)
    {
        if (last is null)
        {
            return "closed";
        }

        if (last.Closes)
        {
            return await Fill().WaitAsync(s_timeout) == 0 ? "closed" : "kept open, although it said close";
        }

        try
        {
            await Send(Requests.Get("/raw/hello"));
        }
        catch (SocketException)
        {
            return "closed";
        }

        return await Read() is { Status: 200, Text: "hello" } ? "kept" : "closed";
    }

    /// <summary>Reads whatever comes until the connection ends or the count is reached.</summary>
    public async Task<byte[]> ReadBytes(int count)
    {
        var bytes = new MemoryStream();
        while (bytes.Length < count && (_start < _end || await Fill().WaitAsync(s_timeout) > 0))
        {
            int taken = (int)Math.Min(count - bytes.Length, _end - _start);
            bytes.Write(_buffer, _start, taken);
            _start += taken;
        }

        return bytes.ToArray();
    }

    private async Task<Answer?> ReadAnswer(bool isHead)
    {
        if (await Line() is not { } statusLine)
        {
            return null;
        }

        if (!statusLine.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            await ReadOrEnd(int.MaxValue);
            return new Answer(0, [], "no HTTP/1", [], IsWhole: true);
        }

        int status = int.Parse(statusLine.Split(' ')[1], CultureInfo.InvariantCulture);
        List<(string Name, string Value)> headers = [];
        while (await Line() is { Length: > 0 } line)
        {
            string[] parts = line.Split(':', 2); // A server may send a line without a colon, if the application makes it.
            headers.Add((parts[0].ToLowerInvariant(), parts.ElementAtOrDefault(1)?.Trim() ?? "(no colon)"));
        }

        string? Value(string name) => headers.FirstOrDefault(header => header.Name == name).Value;
        if (isHead || status is < 200 or 204 or 304)
        {
            string announced = isHead && Value("transfer-encoding") is not null ? "chunked" : Value("content-length") is not null ? "length" : "no body";
            return new Answer(status, headers, announced, [], IsWhole: true);
        }

        if (Value("transfer-encoding") == "chunked")
        {
            (byte[] chunks, bool isWhole) = await Chunks(headers);
            return new Answer(status, headers, "chunked", chunks, isWhole);
        }

        if (Value("content-length") is { } length)
        {
            int size = int.Parse(length, CultureInfo.InvariantCulture);
            byte[] body = await ReadOrEnd(size);
            return new Answer(status, headers, "length", body, body.Length == size);
        }

        return new Answer(status, headers, "until close", await ReadOrEnd(int.MaxValue), IsWhole: true);
    }

    private async Task<(byte[] Body, bool IsWhole)> Chunks(List<(string, string)> headers)
    {
        var body = new MemoryStream();
        while (await Line() is { Length: > 0 } line)
        {
            int size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            byte[] chunk = await ReadOrEnd(size);
            body.Write(chunk);
            if (chunk.Length < size)
            {
                break;
            }

            if (size > 0)
            {
                await Line();
                continue;
            }

            while (await Line() is { Length: > 0 } trailer)
            {
                headers.Add(("trailer " + trailer[..trailer.IndexOf(':')].ToLowerInvariant(), trailer[(trailer.IndexOf(':') + 1)..].Trim()));
            }

            return (body.ToArray(), true);
        }

        return (body.ToArray(), false);
    }

    private async Task<byte[]> ReadOrEnd(int count)
    {
        try
        {
            return await ReadBytes(count);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private async Task<string?> Line()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && await Fill() == 0)
            {
                return line.Length == 0 ? null : line.ToString();
            }

            char c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
        }
    }

    private async Task<int> Fill()
    {
        _start = 0;
        try
        {
            return _end = await _socket.ReceiveAsync(_buffer);
        }
        catch (SocketException)
        {
            return _end = 0; // A reset is an end too.
        }
    }
}
