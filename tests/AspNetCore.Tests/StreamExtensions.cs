using System.Text;

namespace PyAsync.Tests;

internal static class StreamExtensions
{
    /// <summary>Reads a stream to its end, and returns the number of bytes.</summary>
    public static async Task<long> CopyToCount(this Stream stream)
    {
        byte[] buffer = new byte[65536];
        long count = 0;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            count += read;
        }

        return count;
    }

    /// <summary>Reads a connection until it has sent a text, and returns what came.</summary>
    public static Task<string> ReadUntil(this Stream stream, string text) => Read(stream, text);

    /// <summary>Reads a connection until the server closes or resets it, and returns what came.</summary>
    public static Task<string> ReadUntilClosed(this Stream stream) => Read(stream, null);

    private static async Task<string> Read(Stream stream, string? last)
    {
        var seen = new StringBuilder();
        byte[] buffer = new byte[last is null ? 65536 : 1];
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            for (int read; (last is null || !seen.ToString().EndsWith(last, StringComparison.Ordinal)) && (read = await stream.ReadAsync(buffer, timeout.Token)) > 0;)
            {
                seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException) when (last is null)
        {
            // Reset.
        }

        return seen.ToString();
    }
}
