namespace HttpModule;

/// <summary>An answer, whose body is read on request: whole, or chunk by chunk in `async for`. Use it in `async with`, which discards the rest.</summary>
[PyClass]
public sealed class Response : IAsyncDisposable, IAsyncEnumerable<byte[]>
{
    private const int ChunkSize = 64 * 1024;

    private readonly HttpResponseMessage _message;

    internal Response(HttpResponseMessage message) => _message = message;

    /// <summary>The status code.</summary>
    public int Status => (int)_message.StatusCode;

    /// <summary>The version of HTTP, such as "2.0".</summary>
    public string Version => _message.Version.ToString();

    /// <summary>The headers; several values of one name are joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers =>
        _message.Headers.Concat(_message.Content.Headers).ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value));

    /// <summary>Reads the body.</summary>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <exception cref="HttpRequestException">The status is not one of success.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken) => await _message.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);

    /// <summary>Reads the body as text.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string> TextAsync(CancellationToken cancellationToken) => await _message.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);

    public async IAsyncEnumerator<byte[]> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await using Stream body = await _message.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[ChunkSize];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            yield return buffer[..read];
        }
    }

    public ValueTask DisposeAsync()
    {
        _message.Dispose();
        return default;
    }
}
