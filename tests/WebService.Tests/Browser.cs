using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PyAsync.Tests;

/// <summary>A headless Chromium with one page, which is controlled by the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private string _session = "";
    private int _id;

    private Browser(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Gets the path of the browser, or null if there is none.</summary>
    public static string? Path { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        from name in (string[])["chromium", "chromium-browser", "google-chrome"]
        let path = System.IO.Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    public static async Task<Browser> Start()
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("pyasync-browser");
        Process process = Process.Start(new ProcessStartInfo(Path!,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var browser = new Browser(process, profile);
        using var cts = new CancellationTokenSource(s_timeout);
        string log = "";
        while (await process.StandardError.ReadLineAsync(cts.Token) is { } line)
        {
            log += line + "\n";
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                _ = process.StandardOutput.ReadToEndAsync();
                await browser._socket.ConnectAsync(new Uri(line[Announcement.Length..]), cts.Token);
                string target = (string)(await browser.Send("Target.createTarget", new JsonObject { ["url"] = "about:blank" }))["targetId"]!;
                browser._session = (string)(await browser.Send("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
                return browser;
            }
        }

        throw new InvalidOperationException($"{Path} ended at its start. {log}");
    }

    /// <summary>Opens a page, and waits until a condition in JavaScript holds.</summary>
    public async Task Open(string url, string condition)
    {
        await Send("Page.navigate", new JsonObject { ["url"] = url });
        await WaitFor(condition);
    }

    /// <summary>Waits until a condition in JavaScript holds.</summary>
    public async Task WaitFor(string condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await IsTrue(condition))
        {
            if (Stopwatch.GetElapsedTime(start) > s_timeout)
            {
                throw new TimeoutException($"The page never had: {condition}. It shows:\n{await Evaluate("document.body.innerText")}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Gets the value of an expression in JavaScript as text.</summary>
    public async Task<string> Evaluate(string expression)
    {
        JsonNode result = await Send("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["awaitPromise"] = true, ["returnByValue"] = true });
        return result["exceptionDetails"] is { } exception ? throw new InvalidOperationException($"{expression}: {exception.ToJsonString()}") : (string)result["result"]!["value"]!;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _socket.Dispose();
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child process of the browser may still write into the profile.
        }
    }

    // A page that is just being replaced has no context in which an expression could run.
    private async Task<bool> IsTrue(string condition)
    {
        try
        {
            return await Evaluate($"Boolean({condition})") == "true";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<JsonNode> Send(string method, JsonObject parameters)
    {
        int id = ++_id;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0)
        {
            message["sessionId"] = _session;
        }

        using var cts = new CancellationTokenSource(s_timeout);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, cts.Token);
        while (true)
        {
            JsonNode answer = await Receive(cts.Token);
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]!.ToJsonString()}");
            }
        }
    }

    private async Task<JsonNode> Receive(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancellationToken);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(message.ToArray())!;
    }
}
