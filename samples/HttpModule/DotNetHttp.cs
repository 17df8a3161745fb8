using PyAsync;

namespace HttpModule;

/// <summary>.NET's HTTP client for asyncio: HTTP/1.1 and HTTP/2 on connections that it keeps, work on the thread pool.</summary>
[PyModule("dotnet_http")]
public static class DotNetHttp
{
    /// <summary>Fetches one page, as text.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    /// <returns>The text of its body.</returns>
    [PyFunction]
    public static async Task<string> GetTextAsync(string url, CancellationToken ct)
    {
        await using var client = new Client();
        await using Response response = await client.GetAsync(url, ct);
        return await response.TextAsync(ct);
    }
}
