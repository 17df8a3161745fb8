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
}
