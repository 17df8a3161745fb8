namespace HttpModule;

/// <summary>.NET's HTTP client for asyncio: HTTP/1.1 and HTTP/2 on connections that it reuses, work on the thread pool.</summary>
[PyModule("dotnet_http")]
public static class DotNetHttp
{
    /// <summary>Fetches one page, as text.</summary>
    /// <param name="url">The page's address.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <returns>The text of its body.</returns>
    [PyFunction]
    public static async Task<string> GetTextAsync(string url, CancellationToken cancellationToken)
    {
        await using var client = new Client();
        await using Response response = await client.GetAsync(url, cancellationToken);
        return await response.TextAsync(cancellationToken);
    }
}
