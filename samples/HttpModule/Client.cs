using System.Net;
using PyAsync;

namespace HttpModule;

/// <summary>Fetches pages over connections that it keeps. For `async with`, which closes them.</summary>
[PyClass]
public sealed class Client : IAsyncDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="baseUrl">What relative URLs are relative to.</param>
    /// <param name="timeout">After how many seconds without an answer a request fails with a `TimeoutError`.</param>
    /// <param name="connections">How many connections it has to one server at most.</param>
    public Client(string? baseUrl = null, double timeout = 100, int connections = 100)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = baseUrl is null ? null : new Uri(baseUrl),
            Timeout = TimeSpan.FromSeconds(timeout),
            DefaultRequestVersion = HttpVersion.Version20, // Where the server has it.
        };
    }

    /// <summary>Asks for a page; its body is read later, from what this gives.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="ct">Fires when Python cancels: the connection is given up.</param>
    [PyFunction(Start = PyStart.Scheduled)]
    public async Task<Response> GetAsync(string url, CancellationToken ct) =>
        new(await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, ct));

    /// <summary>Fetches a page whole.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    /// <returns>Its body.</returns>
    [PyFunction(Start = PyStart.Scheduled)]
    public async Task<byte[]> ReadAsync(string url, CancellationToken ct)
    {
        await using Response response = await GetAsync(url, ct);
        return await response.ReadAsync(ct);
    }

    /// <summary>Fetches many pages at once, without a turn of the event loop for any of them.</summary>
    /// <param name="urls">Where they are.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    /// <returns>Their bodies, in the same order.</returns>
    [PyFunction(Start = PyStart.Scheduled)]
    public Task<byte[][]> ReadAllAsync(IReadOnlyList<string> urls, CancellationToken ct) => Task.WhenAll(urls.Select(url => ReadAsync(url, ct)));

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }
}
