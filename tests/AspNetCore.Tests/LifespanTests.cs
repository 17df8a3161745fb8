using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

public sealed class LifespanTests
{
    private const string Full = """
        log = []
        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                assert (await receive()) == {"type": "lifespan.startup"}
                scope["state"]["database"] = "open"
                log.append("startup")
                await send({"type": "lifespan.startup.complete"})
                assert (await receive()) == {"type": "lifespan.shutdown"}
                log.append("shutdown")
                await send({"type": "lifespan.shutdown.complete"})
                return
            log.append(scope["state"]["database"])
            scope["state"]["database"] = "changed"
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body"})
        """;

    [Fact]
    public async Task Lifespan_JoinsTheHostsStartAndStop()
    {
        AsgiServer server = await AsgiServer.Start(Full);
        (await server.Evaluate("log")).ShouldBe("['startup']");
        await server.Client.GetStringAsync("/");
        await server.Client.GetStringAsync("/");

        await server.Application.StopAsync();

        server.Module.GetAttr("log").ToString().ShouldBe("['startup', 'open', 'open', 'shutdown']");
        server.Log.Entries.ShouldBeEmpty();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task StartupFailed_FailsTheStart()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(AsgiServer.Start("""
            async def app(scope, receive, send):
                await receive()
                await send({"type": "lifespan.startup.failed", "message": "no database"})
            """));

        e.Message.ShouldContain("failed in its startup: no database");
    }

    [Fact]
    public async Task AnException_MeansThatThereIsNoLifespan()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            async def app(scope, receive, send):
                assert scope["type"] == "http"
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": b"fine"})
            """);

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnException_FailsTheStart_IfTheLifespanIsOn()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(AsgiServer.Start(
            "async def app(scope, receive, send): assert scope['type'] == 'http', 'only http'",
            options: options => options.Lifespan = AsgiLifespan.On));

        e.Message.ShouldContain("AssertionError: only http");
    }

    [Fact]
    public async Task Off_CallsNoLifespan()
    {
        await using AsgiServer server = await AsgiServer.Start(Full, options: options => options.Lifespan = AsgiLifespan.Off);

        (await server.Evaluate("log")).ShouldBe("[]");
    }

    [Theory]
    [InlineData("await receive()")]
    [InlineData("pass")]
    public async Task AnException_AfterTheStartup_IsLogged(string wait)
    {
        AsgiServer server = await AsgiServer.Start($$"""
            async def app(scope, receive, send):
                await receive()
                await send({"type": "lifespan.startup.complete"})
                {{wait}}
                raise ValueError("cannot close the database")
            """);

        await server.Application.StopAsync();

        server.Log.Entries.ShouldContain(entry => entry.Contains("cannot close the database"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ShutdownFailed_IsLogged()
    {
        AsgiServer server = await AsgiServer.Start("""
            async def app(scope, receive, send):
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await send({"type": "lifespan.shutdown.failed", "message": "stuck"})
            """);

        await server.DisposeAsync();

        server.Log.Entries.ShouldContain(entry => entry.Contains("failed in its shutdown: stuck"));
    }

    [Fact]
    public async Task TheHostsStop_ReleasesTheApplicationAndItsState()
    {
        AsgiServer server = await AsgiServer.Start("""
            import gc
            import weakref
            class Resource: pass
            class Application:
                async def __call__(self, scope, receive, send):
                    if scope["type"] == "lifespan":
                        await receive()
                        scope["state"]["resource"] = resource = Resource()
                        references.append(weakref.ref(resource))
                        del resource
                        await send({"type": "lifespan.startup.complete"})
                        await receive()
                        return await send({"type": "lifespan.shutdown.complete"})
                    await receive()
                    await send({"type": "http.response.start", "status": 200})
                    await send({"type": "http.response.body"})
            app = Application()
            references = [weakref.ref(app)]
            def alive():
                global app
                app = None
                gc.collect()
                return [r() for r in references if r() is not None]
            """);
        await server.Client.GetStringAsync("/");

        await server.Application.StopAsync();

        using (PyObject alive = server.Module.CallMethod("alive"))
        {
            alive.ToString().ShouldBe("[]");
        }

        await server.DisposeAsync();
    }

    [Fact]
    public async Task AnApplication_ThatNeverEndsItsRequest_DoesNotKeepTheHostFromStopping()
    {
        AsgiServer server = await AsgiServer.Start(
            """
            import asyncio
            log = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan":
                    await receive()
                    await send({"type": "lifespan.startup.complete"})
                    await receive()
                    await asyncio.sleep(0)
                    log.append("shutdown")
                    return await send({"type": "lifespan.shutdown.complete"})
                log.append("begun")
                try:
                    while True:
                        await asyncio.sleep(3600)
                finally:
                    log.append("cancelled")
            """,
            build: builder => builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        Task<HttpResponseMessage> request = server.Client.GetAsync("/");
        await server.Until("log == ['begun']");

        try
        {
            await server.Application.StopAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            // Kestrel reports that its time was up.
        }

        await Should.ThrowAsync<Exception>(request);
        server.Module.GetAttr("log").ToString().ShouldBe("['begun', 'shutdown', 'cancelled']");
    }

    [Fact]
    public async Task ARequest_ThatOutlivesTheHostsTime_DoesNotFailItsStop()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        using PyObject module = PyObject.ImportSource(App("pass"), "asgi_idle");
        await using WebApplication application = builder.Build();
        application.MapAsgi("/api", () => module.GetAttr("app"));
        application.MapGet("/endless", async () =>
        {
            begun.SetResult();
            await end.Task;
        });
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        Task request = client.GetAsync("/endless");
        await begun.Task;

        await application.StopAsync();

        end.SetResult();
        await request.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task AnApplication_ThatBlocksTheLoop_DoesNotKeepTheHostFromStopping()
    {
        AsgiServer server = await AsgiServer.Start(
            App("""
                import time
                await receive()
                async def handle_order():
                    begun()
                    while not is_released(): time.sleep(0.001)
                await asyncio.ensure_future(handle_order())
                """),
            build: builder => builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isReleased = false;
        await server.Define("begun", () =>
        {
            begun.SetResult();
            return PyObject.None;
        });
        await server.Define("is_released", () => PyObject.From(Volatile.Read(ref isReleased), PyConvert.Boolean));
        Task<HttpResponseMessage> request = server.Client.GetAsync("/");
        await begun.Task;

        try
        {
            await server.Application.StopAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            // Kestrel reports that its time was up.
        }

        server.Log.Entries.ShouldContain(static entry => entry.Contains("has not ended its shutdown in the host's time"));
        server.Log.Entries.ShouldContain(static entry => entry.Contains("1 blocked event loop") && entry.Contains("handle_order"));
        Volatile.Write(ref isReleased, true);
        await Should.ThrowAsync<Exception>(request);
        await server.DisposeAsync();
    }
}
