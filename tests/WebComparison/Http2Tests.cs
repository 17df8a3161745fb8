using System.Net;
using System.Net.Http.Headers;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>HTTP/2 without TLS, which uvicorn lacks: the answers are those of HTTP/1.1.</summary>
public sealed class Http2Tests(Contestants contestants)
{
    [Theory]
    [InlineData("/raw/hello")]
    [InlineData("/raw/chunks")]
    [InlineData("/raw/duplicates")]
    [InlineData("/raw/status?code=204")]
    [InlineData("/raw/not-modified")]
    [InlineData("/raw/large?size=1000000")]
    [InlineData("/starlette/stream")]
    [InlineData("/fastapi/items/5?q=x")]
    [InlineData("/errors/raises-before")]
    public async Task Answers_AreThoseOfHttp1(string path)
    {
        contestants.Needed();
        using HttpClient two = Client(), one = new() { BaseAddress = new Uri($"http://127.0.0.1:{contestants.Kestrel.Port}") };

        using HttpResponseMessage overTwo = await two.GetAsync(path);
        using HttpResponseMessage overOne = await one.GetAsync(path);

        overTwo.Version.ShouldBe(HttpVersion.Version20);
        overTwo.StatusCode.ShouldBe(overOne.StatusCode);
        Headers(overTwo.Headers).ShouldBe(Headers(overOne.Headers));
        (await overTwo.Content.ReadAsByteArrayAsync()).ShouldBe(await overOne.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Scope_NamesVersionAndAuthority()
    {
        contestants.Needed();
        using HttpClient client = Client();

        string scope = await client.GetStringAsync("/raw/scope?a=1");

        scope.ShouldContain("\"http_version\":\"2\"");
        scope.ShouldContain("\"query_string\":\"a=1\"");
        scope.ShouldNotContain("\":authority\"");
    }

    [Fact]
    public async Task ManyStreams_OnOneConnection_AreAllAnswered()
    {
        contestants.Needed();
        using HttpClient client = Client();

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(async i =>
        {
            using var content = new StringContent($"stream {i}");
            using HttpResponseMessage response = await client.PostAsync("/raw/echo", content);
            return await response.Content.ReadAsStringAsync();
        }));

        answers.ShouldBe(Enumerable.Range(0, 2000).Select(static i => $"stream {i}"));
    }

    [Fact]
    public async Task AStreamThatIsNotRead_HoldsUpNoOther()
    {
        contestants.Needed();
        using HttpClient client = Client();
        string key = contestants.Kestrel.NewKey();
        using HttpResponseMessage stalled = await client.GetAsync($"/errors/floods?key={key}", HttpCompletionOption.ResponseHeadersRead);

        for (int i = 0; i < 100; i++)
        {
            (await client.GetStringAsync("/raw/hello")).ShouldBe("hello");
        }

        (await contestants.Kestrel.Journal(key)).ShouldBe("waits within 32 MB end");
    }

    [Fact]
    public async Task StreamsThatAreReset_AreDisconnectsAndLeaveTheOthers()
    {
        contestants.Needed();
        using HttpClient client = Client();
        string[] keys = [.. Enumerable.Range(0, 200).Select(_ => contestants.Kestrel.NewKey())];
        using var reset = new CancellationTokenSource();
        Task[] waiting = [.. keys.Select(key => client.GetAsync($"/errors/waits-for-disconnect?key={key}", reset.Token))];
        foreach (string key in keys)
        {
            await contestants.Kestrel.Reached(key, "waits");
        }

        await reset.CancelAsync();

        foreach (Task request in waiting)
        {
            await Should.ThrowAsync<OperationCanceledException>(request);
        }

        foreach (string key in keys)
        {
            (await contestants.Kestrel.Journal(key)).ShouldContain("http.disconnect http.disconnect");
        }

        (await client.GetStringAsync("/raw/hello")).ShouldBe("hello");
    }

    [Fact]
    public async Task LargeBodies_OfManyStreams_ArriveWhole()
    {
        contestants.Needed();
        using HttpClient client = Client();
        byte[] body = new byte[2_000_000];
        new Random(2).NextBytes(body);

        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var content = new ByteArrayContent(body);
            using HttpResponseMessage response = await client.PostAsync("/raw/echo", content);
            return await response.Content.ReadAsByteArrayAsync();
        }));

        answers.Count(answer => answer.AsSpan().SequenceEqual(body)).ShouldBe(answers.Length);
    }

    private static IEnumerable<string> Headers(HttpResponseHeaders headers) =>
        headers.Where(static header => header.Key is not ("Date" or "Transfer-Encoding" or "Connection")).Select(static header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);

    private HttpClient Client() => new(new SocketsHttpHandler { EnableMultipleHttp2Connections = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{contestants.Kestrel.Http2Port}"),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
