using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Python's async generators as streams to the browser, from endpoints of C#.</summary>
public sealed class StreamTests
{
    private const string Source = """
        import asyncio
        log = []
        async def ticks():
            try:
                i = 0
                while True:
                    yield i
                    i += 1
                    await asyncio.sleep(0.001)
            finally:
                log.append("closed")
        async def three():
            for i in range(3): yield i
        """;

    [Theory]
    [InlineData("/events", "data: 0\n\ndata: 1\n\ndata: 2\n\n", "data: 1")]
    [InlineData("/lines", "{\"tick\":0}\n{\"tick\":1}\n{\"tick\":2}\n", "{\"tick\":1}")]
    public async Task ServerSentEventsAndLinesOfJson_OfAGenerator(string path, string all, string line)
    {
        (WebApplication application, PyObject module, HttpClient client) = await Start();
        await using (application)
        {
            (await client.GetStringAsync($"{path}/three")).ShouldBe(all);
            await ReadAndLeave(client, $"{path}/ticks", line);
            await UntilClosed(application, module);
        }
    }

    [Fact]
    public async Task ASignalRHub_StreamsAGenerator()
    {
        (WebApplication application, PyObject module, HttpClient _) = await Start();
        await using (application)
        {
            using var socket = new System.Net.WebSockets.ClientWebSocket();
            await socket.ConnectAsync(new Uri(application.Urls.First().Replace("http", "ws") + "/hub"), default);
            await Send(socket, """{"protocol":"json","version":1}""");
            await Send(socket, """{"type":4,"invocationId":"1","target":"Ticks","arguments":[]}""");
            string text = "";
            while (!text.Contains("\"item\":2"))
            {
                text += (await WebSocketClient.Receive(socket)).Text;
            }

            text.ShouldContain("""{"type":2,"invocationId":"1","item":0}""");
            await Send(socket, """{"type":5,"invocationId":"1"}"""); // The page cancels the stream.
            await UntilClosed(application, module);
        }
    }

    private static Task Send(System.Net.WebSockets.ClientWebSocket socket, string message) =>
        socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message + "\u001e"), System.Net.WebSockets.WebSocketMessageType.Text, true, default);

    private static async Task<(WebApplication Application, PyObject Module, HttpClient Client)> Start()
    {
        PyObject module = PyObject.ImportSource(Source, "asgi_streams");
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        builder.Services.AddSingleton(new Generators(module));
        builder.Services.AddSignalR();
        WebApplication application = builder.Build();
        application.MapGet("/events/{name}", (string name, IRuntime python, Generators generators, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(generators.Open(python, name, cancellationToken)));
        application.MapGet("/lines/{name}", async (string name, HttpContext context, IRuntime python, Generators generators, CancellationToken cancellationToken) =>
        {
            context.Response.ContentType = "application/x-ndjson";
            await foreach (int tick in generators.Open(python, name, cancellationToken))
            {
                await JsonSerializer.SerializeAsync(context.Response.Body, new { tick }, cancellationToken: cancellationToken);
                await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
                await context.Response.Body.FlushAsync(cancellationToken);
            }
        });
        application.MapHub<TickHub>("/hub");
        await application.StartAsync();
        return (application, module, new HttpClient { BaseAddress = new Uri(application.Urls.First()) });
    }

    private static async Task ReadAndLeave(HttpClient client, string path, string line)
    {
        using HttpResponseMessage response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } text && text != line)
        {
        }
    }

    private static async Task UntilClosed(WebApplication application, PyObject module)
    {
        IRuntime python = application.Services.GetRequiredService<IRuntime>();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await python.InvokeAsync(() => module.GetAttr("log").As(PyConvert.List(PyConvert.String)).Count, CancellationToken.None) == 0)
        {
            await Task.Delay(5, late.Token);
        }
    }

    public sealed class Generators(PyObject module)
    {
        /// <summary>Opens a generator, whose <c>finally</c> runs when the stream is left.</summary>
        public async IAsyncEnumerable<int> Open(IRuntime python, string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (int tick in python.IntoAsyncEnumerable(() => module.CallMethod(name), PyConvert.Int32).WithCancellation(cancellationToken))
            {
                yield return tick;
            }
        }
    }

    public sealed class TickHub(IRuntime python, Generators generators) : Hub
    {
        public IAsyncEnumerable<int> Ticks(CancellationToken cancellationToken) => generators.Open(python, "ticks", cancellationToken);
    }
}
