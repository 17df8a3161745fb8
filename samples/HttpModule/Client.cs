using System.Net;

namespace HttpModule;

/// <summary>Fetches pages over connections that it reuses. Use it in `async with`, which closes them.</summary>
[PyClass]
public sealed class Client : IAsyncDisposable
{
    private readonly HttpClient _http;

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="baseUrl">The base of relative URLs.</param>
    /// <param name="timeout">The time in seconds after which a request without an answer fails with a `TimeoutError`.</param>
    /// <param name="connections">The maximum number of connections to one server.</param>
    public Client(string? baseUrl = null, double timeout = 100, int connections = 100)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = baseUrl is null ? null : new Uri(baseUrl),
            Timeout = TimeSpan.FromSeconds(timeout),
            DefaultRequestVersion = HttpVersion.Version20, // If the server supports it.
        };
    }

    /// <summary>Requests a page. Its body is read later, from the returned response.</summary>
    /// <param name="url">The page's address.</param>
    /// <param name="cancellationToken">Fires when Python cancels: the connection is closed.</param>
    [PyFunction(Start = PyStart.Scheduled)]
    public async Task<Response> GetAsync(string url, CancellationToken cancellationToken) =>
        new(await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken));

    /// <summary>Fetches a whole page.</summary>
    /// <param name="url">The page's address.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <returns>Its body.</returns>
    [PyFunction(Start = PyStart.Scheduled)]
    public async Task<byte[]> ReadAsync(string url, CancellationToken cancellationToken)
    {
        await using Response response = await GetAsync(url, cancellationToken);
        return await response.ReadAsync(cancellationToken);
    }

    /// <summary>Fetches many pages at once, without a turn of the event loop for any of them.</summary>
    /// <param name="urls">The pages' addresses.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <returns>Their bodies, in the same order.</returns>
    [PyFunction(Start = PyStart.Scheduled)]
    public Task<byte[][]> ReadAllAsync(IReadOnlyList<string> urls, CancellationToken cancellationToken) => Task.WhenAll(urls.Select(url => ReadAsync(url, cancellationToken)));

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }
}
