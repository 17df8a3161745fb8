using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace PyAsync.Tool.Wheels;

/// <summary>
/// Writes the archive of a wheel and its RECORD (the binary distribution format of packaging.python.org). The same content gives the same bytes:
/// entries have the time of SOURCE_DATE_EPOCH, or zip's first.
/// </summary>
internal sealed class WheelWriter : IDisposable
{
    private const int RegularFile = 0x8000, Readable = 0b110_100_100, Executable = 0b111_101_101;
    private readonly ZipArchive _archive;
    private readonly DateTimeOffset _time = Time();
    private readonly StringBuilder _record = new();

    public WheelWriter(Stream output) => _archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);

    public void Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    public void Add(string path, byte[] content)
    {
        Write(path, content);
        _record.Append(CultureInfo.InvariantCulture, $"{Quote(path)},sha256={Hash(content)},{content.Length}\n");
    }

    /// <summary>Adds the last entry, which lists the others.</summary>
    public void AddRecord(string path)
    {
        _record.Append(CultureInfo.InvariantCulture, $"{path},,\n");
        Write(path, Encoding.UTF8.GetBytes(_record.ToString()));
    }

    public void Dispose() => _archive.Dispose();

    /// <summary>Gets a hash in RECORD's form: base 64 for URLs, without padding.</summary>
    public static string Hash(byte[] content) =>
        Convert.ToBase64String(SHA256.HashData(content)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private void Write(string path, byte[] content)
    {
        ZipArchiveEntry entry = _archive.CreateEntry(path, CompressionLevel.SmallestSize);
        entry.LastWriteTime = _time;
        bool isLibrary = path.EndsWith(".so", StringComparison.Ordinal) || path.EndsWith(".dylib", StringComparison.Ordinal);
        entry.ExternalAttributes = (RegularFile | (isLibrary ? Executable : Readable)) << 16;
        using Stream stream = entry.Open();
        stream.Write(content);
    }

    private static DateTimeOffset Time()
    {
        var first = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        bool isGiven = long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), CultureInfo.InvariantCulture, out long seconds);
        DateTimeOffset time = isGiven ? DateTimeOffset.FromUnixTimeSeconds(seconds) : first;
        return time < first ? first : time;
    }

    private static string Quote(string path) => path.AsSpan().ContainsAny(",\"") ? $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : path;
}
