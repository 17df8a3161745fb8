using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>ASP.NET Core in front of applications, several applications, and their names.</summary>
public sealed class HostTests
{
    private const string User = """
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            text = f"{scope['user'].is_authenticated} {scope['user'].display_name} {scope['user'].identity} {scope['auth'].scopes}" if "user" in scope else "no user"
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": text.encode()})
        """;

    [Fact]
    public async Task User_IsInTheScope()
    {
        await using AsgiServer server = await AsgiServer.Start(User, build: AddAuthentication);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-User", "ada");

        (await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync()).ShouldBe("True ada 17 ['authenticated', 'read', 'write', 'admin']");
        (await server.Client.GetStringAsync("/")).ShouldBe("False   []");
    }

    [Fact]
    public async Task Roles_AreThoseOfTheIdentitysClaimType()
    {
        await using AsgiServer server = await AsgiServer.Start(User, build: AddAuthentication);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-User", "ada");
        request.Headers.Add("X-Role-Type", "groups");

        (await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync()).ShouldBe("True ada 17 ['authenticated', 'read', 'write', 'staff']");
    }

    [Fact]
    public async Task User_IsNotInTheScope_WithoutAuthentication()
    {
        await using AsgiServer server = await AsgiServer.Start(User);

        (await server.Client.GetStringAsync("/")).ShouldBe("no user");
    }

    [Fact]
    public async Task RequireAuthorization_KeepsRequestsFromTheApplication()
    {
        PyObject module = PyObject.ImportSource(User, "asgi_authorized");
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        AddAuthentication(builder);
        await using WebApplication application = builder.Build();
        application.MapAsgi("/api", () => module.GetAttr("app")).RequireAuthorization();
        application.MapGet("/open", () => "open");
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };

        (await client.GetAsync("/api/x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetStringAsync("/open")).ShouldBe("open");
        client.DefaultRequestHeaders.Add("X-User", "ada");
        (await client.GetStringAsync("/api/x")).ShouldStartWith("True ada");
        await application.StopAsync();
    }

    [Fact]
    public async Task RateLimits_AndOutputCaching_AreInFront()
    {
        PyObject module = PyObject.ImportSource(
            """
            count = 0
            async def app(scope, receive, send):
                global count
                if scope["type"] == "lifespan": return
                count += 1
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
                await send({"type": "http.response.body", "body": b"x" * 5000})
            """,
            "asgi_limited");
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        builder.Services.AddRateLimiter(limits => limits.AddPolicy("two", _ => RateLimitPartition.GetFixedWindowLimiter("", _ => new() { PermitLimit = 2, Window = TimeSpan.FromHours(1) })));
        builder.Services.AddOutputCache();
        builder.Services.AddResponseCompression();
        await using WebApplication application = builder.Build();
        application.UseRateLimiter();
        application.UseResponseCompression();
        application.UseOutputCache();
        application.MapAsgi("/limited", () => module.GetAttr("app")).RequireRateLimiting("two");
        application.MapAsgi("/cached", () => module.GetAttr("app")).CacheOutput();
        application.MapAsgi("/plain", () => module.GetAttr("app"));
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };

        HttpStatusCode[] codes = [(await client.GetAsync("/limited")).StatusCode, (await client.GetAsync("/limited")).StatusCode, (await client.GetAsync("/limited")).StatusCode];
        codes.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        (await client.GetStringAsync("/cached")).Length.ShouldBe(5000);
        (await client.GetStringAsync("/cached")).Length.ShouldBe(5000);
        module.GetAttr("count").As<int>().ShouldBe(3);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/plain");
        request.Headers.Add("Accept-Encoding", "gzip");
        using HttpResponseMessage compressed = await client.SendAsync(request);
        compressed.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        (await compressed.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan(1000);
        await application.StopAsync();
    }

    [Fact]
    public async Task SeveralApplications_OnKeyedRuntimes()
    {
        const string Source = """
            import threading
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": f"{scope['root_path']} {scope['path']} {threading.get_ident()}".encode()})
            """;
        PyObject module = PyObject.ImportSource(Source, "asgi_several");
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        builder.Services.AddKeyedPyAsync("second");
        await using WebApplication application = builder.Build();
        application.MapAsgi("/one", () => module.GetAttr("app"));
        application.MapAsgi("/two", () => module.GetAttr("app"));
        application.MapAsgi("/three/{tenant}", () => module.GetAttr("app"), options => options.RuntimeKey = "second");
        application.MapGroup("/group/{version}").MapAsgi("/four", () => module.GetAttr("app"));
        application.MapGet("/one/csharp", () => "C#");
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };

        string[] one = (await client.GetStringAsync("/one")).Split(' ');
        string[] two = (await client.GetStringAsync("/two/")).Split(' ');
        string[] three = (await client.GetStringAsync("/three/acme/x")).Split(' ');
        one[..2].ShouldBe(["/one", "/one"]);
        two[..2].ShouldBe(["/two", "/two/"]);
        three[..2].ShouldBe(["/three/acme", "/three/acme/x"]);
        (await client.GetStringAsync("/group/v1/four/x")).ShouldStartWith("/group/v1/four /group/v1/four/x ");
        one[2].ShouldBe(two[2]);
        three[2].ShouldNotBe(one[2]);
        (await client.GetStringAsync("/one/csharp")).ShouldBe("C#");
        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await application.StopAsync();
    }

    [Fact]
    public async Task ANamedApplication_IsImported_AndACSharpEndpointCallsItsFunctions()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "asgi_named_application.py"), """
            greeting = "hello"
            async def app(scope, receive, send):
                global greeting
                if scope["type"] == "lifespan": return
                greeting = "changed"
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": b"app"})
            async def greet(name): return f"{greeting}, {name}"
            class Shop:
                @staticmethod
                def make(): return app
            """);
        WebApplicationBuilder builder = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning));
        await using WebApplication application = builder.Build();
        application.MapAsgi("/app", "asgi_named_application:app", options => options.ApplicationDirectory = folder);
        application.MapAsgi("/made", "asgi_named_application:Shop.make", options => (options.ApplicationDirectory, options.IsFactory) = (folder, true));
        application.MapGet("/greet/{name}", async (string name, IRuntime python) =>
        {
            using PyObject module = PyObject.Import("asgi_named_application");
            return await python.CallMethodAsync<string>(module, "greet", [name]);
        });
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };

        (await client.GetStringAsync("/greet/Ada")).ShouldBe("hello, Ada");
        (await client.GetStringAsync("/app")).ShouldBe("app");
        (await client.GetStringAsync("/made")).ShouldBe("app");
        (await client.GetStringAsync("/greet/Ada")).ShouldBe("changed, Ada");
        await application.StopAsync();
    }

    [Fact]
    public async Task ARuntimeKey_ThatIsUnknown_FailsTheStartAndSaysWhatToCall()
    {
        await using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();
        application.MapAsgi("/", "main:app", options => options.RuntimeKey = "reports");

        (await Should.ThrowAsync<InvalidOperationException>(application.StartAsync())).Message
            .ShouldBe("There is no runtime with the key \"reports\" for the ASGI application \"main:app\": call builder.Services.AddKeyedPyAsync(\"reports\"), or remove AsgiOptions.RuntimeKey.");
    }

    [Fact]
    public void MapAsgi_WithoutARuntime_SaysWhatToCall()
    {
        using WebApplication application = WebApplication.CreateSlimBuilder().Build();

        Should.Throw<InvalidOperationException>(() => application.MapAsgi("/", "main:app")).Message.ShouldContain("call builder.Services.AddPyAsync() before builder.Build()");
    }

    [Fact]
    public void MapAsgi_WithSettingsOutOfRange_Throws()
    {
        using WebApplication application = AsgiServer.CreateBuilder(new LogRecorder(LogLevel.Warning)).Build();

        Should.Throw<ArgumentOutOfRangeException>(() => application.MapAsgi("/", "main:app", options => options.SendBufferSize = 0));
        Should.Throw<ArgumentOutOfRangeException>(() => application.MapAsgi("/", "main:app", options => options.WebSocketCloseTimeout = TimeSpan.MaxValue));
        Should.Throw<ArgumentOutOfRangeException>(() => application.MapAsgi("/", "main:app", options => options.Lifespan = (AsgiLifespan)7));
        Should.Throw<ArgumentException>(() => application.MapAsgi("/", " "));
    }

    [Fact]
    public async Task Activities_AndContextVariables_FlowIntoTheApplication()
    {
        await using AsgiServer server = await AsgiServer.Start(
            """
            import contextvars
            variable = contextvars.ContextVar("variable", default=0)
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                seen = variable.get()
                variable.set(seen + 1)
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": f"{seen} {ask()}".encode()})
            """,
            use: app => app.Use(async (context, next) =>
            {
                s_local.Value = context.Request.Path.Value;
                await next(context);
            }));
        await server.Runtime.InvokeAsync(() => server.Module.SetAttr("ask", PyFunction.Create("ask", _ => PyObject.From(s_local.Value ?? "none", PyConvert.String))), CancellationToken.None);

        (await server.Client.GetStringAsync("/a")).ShouldBe("0 /a");
        (await server.Client.GetStringAsync("/b")).ShouldBe("0 /b");
    }

    private static readonly AsyncLocal<string?> s_local = new();

    private static void AddAuthentication(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
        builder.Services.AddAuthorization();
    }

    private sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"].ToString() is not { Length: > 0 } name)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            string roleType = Request.Headers["X-Role-Type"].ToString() is { Length: > 0 } type ? type : ClaimTypes.Role;
            Claim[] claims = [new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, "17"), new("scope", "read write"), new(ClaimTypes.Role, "admin"), new("groups", "staff")];
            var identity = new ClaimsIdentity(claims, "test", ClaimTypes.Name, roleType);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "test")));
        }
    }
}
