using System.Net;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>Exceptions of applications, and the exception handlers of ASP.NET Core in front of them.</summary>
public sealed class ExceptionHandlerTests
{
    /// <summary>Sends a response with status 500 and raises the exception again, as Starlette does.</summary>
    private const string AsStarlette = """
        if "turns" in scope["path"]:
            await asyncio.sleep(0)
        status = 404 if "missing" in scope["path"] else 500
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-app", b"yes")]})
        if "parts" in scope["path"]:
            await send({"type": "http.response.body", "body": b"own ", "more_body": True})
        await send({"type": "http.response.body", "body": b"answer"})
        if "turns" in scope["path"]:
            await asyncio.sleep(0)
        if "raises" in scope["path"]:
            raise ValueError(scope["path"])
        """;

    [Theory]
    [InlineData("/raises", "handled ValueError: /raises")]
    [InlineData("/raises/turns", "handled ValueError: /raises/turns")]
    [InlineData("/returns", "answer")]
    [InlineData("/returns/turns", "answer")]
    [InlineData("/raises/parts", "own answer")]
    [InlineData("/raises/missing", "answer")]
    public async Task AnErrorResponse_ThatAnExceptionFollows_IsReplacedByTheHandlers(string path, string answer)
    {
        await using AsgiServer server = await AsgiServer.Start(App(AsStarlette), options: options => options.UseExceptionHandlers = true, use: UseHandler);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await server.Client.GetAsync(path);

            (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
            response.StatusCode.ShouldBe(path.Contains("missing") ? HttpStatusCode.NotFound : HttpStatusCode.InternalServerError);
            response.Headers.Contains("x-app").ShouldBe(!answer.StartsWith("handled"));
        }
    }

    [Fact]
    public async Task AnErrorResponse_OfTheApplication_IsSentByDefault()
    {
        await using AsgiServer server = await AsgiServer.Start(App(AsStarlette), use: UseHandler);

        (await (await server.Client.GetAsync("/raises")).Content.ReadAsStringAsync()).ShouldBe("answer");
        await server.UntilLogged("raised an exception for GET /raises, after its response.");
    }

    [Fact]
    public async Task AnException_BeforeTheResponse_GoesToTheHandlers()
    {
        await using AsgiServer server = await AsgiServer.Start(App("raise ValueError('early')"), use: UseHandler);

        (await (await server.Client.GetAsync("/")).Content.ReadAsStringAsync()).ShouldBe("handled ValueError: early");
    }

    [Fact]
    public async Task AnException_OfCSharpCode_IsLoggedWithThePythonCodeThatCalledIt()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({{Start}})
            await send({{End}})
            find_order()
            """));
        await server.Define("find_order", () => throw new KeyNotFoundException("no order 7"));

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        await server.UntilLogged("no order 7");
        server.Log.Entries.Single(static entry => entry.Contains("no order 7")).ShouldContain("in app");
    }

    [Fact]
    public async Task ABody_LargerThanTheServersLimit_IsRefusedInFrontOfHandlersToo()
    {
        await using AsgiServer server = await AsgiServer.Start(
            App("while (message := await receive()).get('more_body'): pass"),
            build: builder => builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 1000),
            use: UseHandler);

        string answer = await server.Exchange($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n{new string('x', 2000)}");

        answer.ShouldStartWith("HTTP/1.1 413 ");
    }

    private static void UseHandler(WebApplication application) =>
        application.UseExceptionHandler(handler => handler.Run(context =>
        {
            Exception exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
            return context.Response.WriteAsync($"handled {exception.Message}");
        }));
}
