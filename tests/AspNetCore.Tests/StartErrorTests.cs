using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>Mistakes that fail the start of a host with an application: each says what to correct.</summary>
public sealed class StartErrorTests
{
    [Theory]
    [InlineData("asgi_nowhere:app", "there is no Python module 'asgi_nowhere'. Python 3.")]
    [InlineData("asgi_mistaks:app", "there is no Python module 'asgi_mistaks': did you mean 'asgi_mistakes'? Python 3.")]
    [InlineData("asgi_nowhere:app", "first (AsgiOptions.ApplicationDirectory, or the host's content root), then ")]
    [InlineData("json.nowhere:app", "there is no Python module 'json.nowhere'")]
    [InlineData("asgi_mistakes:ap", "asgi_mistakes.py) has no 'ap': did you mean 'app'?")]
    [InlineData("asgi_mistakes:nothing", "has no 'nothing': it has app, create. Python 3.")]
    [InlineData("asgi_mistakes:app.nothing", "has no 'app.nothing'")]
    [InlineData("asgi_mistakes", "write \"module:attribute\"")]
    [InlineData("asgi_mistakes.py:app", "write \"asgi_mistakes:app\"")]
    [InlineData("./shop/asgi_mistakes.py:app", "write \"shop.asgi_mistakes:app\"")]
    [InlineData("asgi_mistakes:__name__", "is of type 'str', which is not callable: it has app, create")]
    [InlineData("json:loads", "and not (scope, receive, send)")]
    [InlineData("asgi_raises:app", "asgi_raises.py) failed: KeyError: 'NO_SUCH_SETTING'\nTraceback (most recent call last):\n  File ")]
    [InlineData("asgi_raises:app", "line 2, in <module>")]
    [InlineData("asgi_exits:app", "asgi_exits.py) failed: SystemExit: 3")]
    [InlineData("asgi_imports:app", "asgi_imports.py) failed: ModuleNotFoundError: No module named 'asgi_not_installed'")]
    [InlineData("asgi_wrong_syntax:app", "SyntaxError: ")]
    public async Task AnApplication_ThatCannotBeImported_SaysWhy(string name, string error)
    {
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        await using WebApplication application = builder.Build();
        application.MapAsgi("/", name, options => options.ApplicationDirectory = Folder());

        AsgiApplicationException e = await Should.ThrowAsync<AsgiApplicationException>(application.StartAsync());

        e.Message.ShouldStartWith($"The ASGI application \"{name}\" cannot be started: ");
        e.Message.ShouldContain(error);
        e.Message.ShouldNotContain("importlib");
        e.ToString().ShouldNotContain("   at ");
    }

    [Fact]
    public async Task AFactory_ThatFails_HasItsTraceback()
    {
        await using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();
        application.MapAsgi("/", "asgi_mistakes:create", options => (options.ApplicationDirectory, options.IsFactory) = (Folder(), true));

        AsgiApplicationException e = await Should.ThrowAsync<AsgiApplicationException>(application.StartAsync());

        e.Message.ShouldContain("the function 'create' of the Python module 'asgi_mistakes' failed: ValueError: no database");
        e.Message.ShouldContain(", in create");
    }

    [Theory]
    [InlineData("/api/*", "MapAsgi(\"/api\")")]
    [InlineData("/api/{**rest}", "MapAsgi(\"/api\")")]
    [InlineData("/api/{*rest}", "MapAsgi(\"/api\")")]
    [InlineData("/api/{tenant?}", "MapAsgi(\"/api\")")]
    [InlineData("/api/{tenant=a}/x", "MapAsgi(\"/api\")")]
    [InlineData("*", "MapAsgi(\"/\")")]
    [InlineData("/api?x=1", "MapAsgi(\"/\")")]
    [InlineData("/api/{tenant", "MapAsgi(\"/api/{tenant\"): ")]
    public void APath_WithAWildcard_IsRefused(string path, string advice)
    {
        using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();

        Should.Throw<ArgumentException>(() => application.MapAsgi(path, "main:app")).Message.ShouldContain(advice);
    }

    [Theory]
    [InlineData("/api", "/API/", true)]
    [InlineData("/", "", true)]
    [InlineData("/{tenant}/api", "/{other}/api", true)]
    [InlineData("/{tenant:int}/api", "/{tenant}/api", false)]
    [InlineData("/api", "/api/v2", false)]
    public async Task APath_ThatIsMappedTwice_FailsTheStart(string one, string other, bool isRefused)
    {
        using PyObject module = PyObject.ImportSource(App($"await send({Start}); await send({End})"), "asgi_twice");
        await using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();
        application.MapAsgi(one, () => module.GetAttr("app"));
        application.MapGroup("/").MapAsgi(other.Length == 0 ? "/" : other, () => module.GetAttr("app"));
        application.MapGet(one, () => "C#");

        if (isRefused)
        {
            string message = (await Should.ThrowAsync<AsgiApplicationException>(application.StartAsync())).Message;
            message.ShouldBe(
                $"The path \"{one}\" is mapped twice: by the ASGI application at {one} and by the ASGI application at {(other.Length == 0 ? "/" : other)}. Map one of them at another path, or require different hosts (RequireHost).");
        }
        else
        {
            await application.StartAsync();
            await application.StopAsync();
        }
    }

    [Fact]
    public async Task OnePath_ForDifferentHosts_IsNoConflict()
    {
        using PyObject module = PyObject.ImportSource(App($"await send({Start}); await send({End})"), "asgi_hosts");
        await using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();
        application.MapAsgi("/", () => module.GetAttr("app")).RequireHost("a.example");
        application.MapAsgi("/", () => module.GetAttr("app")).RequireHost("b.example");

        await application.StartAsync();
        await application.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALaterFailureOfTheStart_EndsTheLifespan(bool isDisposedAsynchronously)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using PyObject module = PyObject.ImportSource(Lifespan, "asgi_port");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPyAsync();
        builder.Services.AddKeyedPyAsync("second");
        WebApplication application = builder.Build();
        application.Urls.Add($"http://{taken.LocalEndpoint}");
        application.MapAsgi("/one", () => module.GetAttr("app"));
        application.MapAsgi("/two", () => module.GetAttr("app"), options => options.RuntimeKey = "second");

        await Should.ThrowAsync<IOException>(application.StartAsync());
        module.GetAttr("log").ToString().ShouldBe("['startup', 'startup']");
        if (isDisposedAsynchronously)
        {
            await application.DisposeAsync();
        }
        else
        {
            ((IDisposable)application).Dispose();
        }

        module.GetAttr("log").ToString().ShouldBe("['startup', 'startup', 'shutdown', 'shutdown']");
    }

    [Fact]
    public async Task AFailureOfAnotherApplication_EndsTheLifespan()
    {
        using PyObject module = PyObject.ImportSource(Lifespan, "asgi_other");
        WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();
        application.MapAsgi("/one", () => module.GetAttr("app"));
        application.MapAsgi("/two", "asgi_nowhere:app");

        await Should.ThrowAsync<AsgiApplicationException>(application.StartAsync());
        await application.DisposeAsync();

        module.GetAttr("log").ToString().ShouldBe("['startup', 'shutdown']");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run-main-thread")]
    public async Task AMistake_EndsTheProgramWithAMessageAndAnExitCode(string run)
    {
        (int code, _, string errors) = await ChildProcess.Run(["start-error", run, Folder()]);

        errors.Trim().ShouldBeText("The ASGI application \"asgi_mistakes:ap\" cannot be started: the Python module 'asgi_mistakes' (" + Path.Combine(Folder(), "asgi_mistakes.py")
            + ") has no 'ap': did you mean 'app'?" + errors.Trim()[errors.Trim().IndexOf(" Python 3.", StringComparison.Ordinal)..]);
        code.ShouldBe(PyAsyncApp.InvalidSettings);
    }

    /// <summary>The child process: a host that cannot start.</summary>
    public static int RunChild(string run, string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPyAsync();
        WebApplication application = builder.Build();
        application.MapAsgi("/", "asgi_mistakes:ap", options => options.ApplicationDirectory = folder);
        if (run == "run")
        {
            application.Run("http://127.0.0.1:0");
        }
        else
        {
            application.RunPyAsync();
        }

        return 0;
    }

    private const string Lifespan = """
        log = []
        async def app(scope, receive, send):
            await receive()
            log.append("startup")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            log.append("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
        """;

    private static readonly Lazy<string> s_folder = new(static () =>
    {
        string folder = Directory.CreateTempSubdirectory("asgi").FullName;
        Write("asgi_mistakes", """
            import json
            from asyncio import sleep
            async def app(scope, receive, send): pass
            def create(): raise ValueError("no database")
            _hidden = app
            """);
        Write("asgi_raises", "settings = {}\nsettings['NO_SUCH_SETTING']");
        Write("asgi_exits", "import sys\nsys.exit(3)");
        Write("asgi_imports", "import asgi_not_installed");
        Write("asgi_wrong_syntax", "def app(:");
        return folder;

        void Write(string module, string source) => File.WriteAllText(Path.Combine(folder, module + ".py"), source);
    });

    private static string Folder() => s_folder.Value;
}
