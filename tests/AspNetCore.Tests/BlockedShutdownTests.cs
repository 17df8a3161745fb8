using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>SIGTERM for a server one of whose requests blocks the event loop.</summary>
public sealed class BlockedShutdownTests
{
    [Theory]
    [InlineData("while True: time.sleep(1)", "handle_order")]
    [InlineData("re.match('(a+)+$', 'a' * 100 + 'b')", "1 Python awaitable that C# awaits")] // Keeps the GIL, so that the tasks cannot be described.
    public async Task Sigterm_ARequestBlocksTheLoop_EndsTheProgramAndNamesIt(string block, string named)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["blocked-shutdown", block], [("ready", "TERM")]);

        code.ShouldBe(0, errors);
        output.ShouldContain("stopped");
        errors.ShouldContain("1 blocked event loop");
        errors.ShouldContain(named);
        errors.ShouldNotContain("ObjectDisposedException");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task AResponse_ThatComesWhenTheServerHasStopped_IsNoError()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isServerStopped = false;
        await using AsgiServer server = await AsgiServer.Start(
            App($$"""
                import time
                begun()
                while not is_server_stopped(): time.sleep(0.001)
                await send({{Start}})
                await send({'type': 'http.response.body', 'body': b'x' * 10000})
                """),
            build: builder =>
            {
                builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

                // Registered before the server, and so stopped after it.
                builder.Services.AddSingleton<IHostedService>(new AfterServer(() =>
                {
                    Volatile.Write(ref isServerStopped, true);
                    return ended.Task;
                }));
            },
            use: application => application.Use(async (context, next) =>
            {
                Exception? failure = null;
                try
                {
                    await next(context);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                ended.SetResult(failure);
            }));
        await server.Define("begun", () =>
        {
            begun.SetResult();
            return PyObject.None;
        });
        await server.Define("is_server_stopped", () => PyObject.From(Volatile.Read(ref isServerStopped), PyConvert.Boolean));
        Task<HttpResponseMessage> request = server.Client.GetAsync("/");
        await begun.Task;

        await server.Application.StopAsync().ContinueWith(static _ => { }, TaskScheduler.Default); // Kestrel may report that its time was up.

        (await ended.Task).ShouldBeNull();
        await Should.ThrowAsync<HttpRequestException>(request);
        server.Log.Entries.ShouldNotContain(static entry => entry.Contains("ObjectDisposedException"));
    }

    /// <summary>The child process.</summary>
    public static async Task<int> RunChild(string block)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole();
        builder.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddPyAsync();
        await using WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapAsgi("/", () => PyObject.ImportSource(
            App($"""
                import re, time
                async def handle_order():
                    print("ready", flush=True)
                    {block}
                await asyncio.ensure_future(handle_order())
                """),
            "asgi_blocking").GetAttr("app"));
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        Task request = client.GetAsync("/");
        await application.WaitForShutdownAsync();
        Console.WriteLine("stopped");
        await request.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(10));
        return 0;
    }

    private sealed class AfterServer(Func<Task> stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => stop();
    }
}
