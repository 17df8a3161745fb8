using System.Net;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>Applications and clients that do not keep to the protocol: each case has a defined result.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("{'type': 'http.response.start'}", "needs a 'status'")]
    [InlineData("{'type': 'http.response.start', 'status': '200'}", "not a str")]
    [InlineData("{'type': 'http.response.start', 'status': 101}", "from 200 to 599, not 101")]
    [InlineData("{'type': 'http.response.start', 'status': 600}", "from 200 to 599, not 600")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a b', b'c')]}", "invalid HTTP header name b'a b'")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'', b'c')]}", "invalid HTTP header name b''")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a:', b'c')]}", "invalid HTTP header name b'a:'")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a', b'c\\r\\nx: y')]}", "invalid HTTP header value of b'a'")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a', b'c\\n')]}", "invalid HTTP header value of b'a'")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a', b'c\\x00')]}", "invalid HTTP header value of b'a'")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a', b'\\xe9')]}", "is not ASCII")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [('a', 'c')]}", "are bytes")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'a',)]}", "pair of name and value")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'-1')]}", "invalid Content-Length")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'1, 1')]}", "invalid Content-Length")]
    [InlineData("{'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'1'), (b'Content-Length', b'2')]}", "two Content-Length")]
    [InlineData("{'type': 'http.response.body', 'body': b''}", "Expected ASGI message 'http.response.start', but got 'http.response.body'.")]
    [InlineData("{'type': 'nonsense'}", "Expected ASGI message 'http.response.start', but got 'nonsense'.")]
    [InlineData("{}", "but got without a type")]
    [InlineData("5", "is not iterable")]
    public async Task AMessage_ThatIsWrong_RaisesAnErrorAndChangesNothing(string message, string error)
    {
        await using AsgiServer server = await AsgiServer.Start(App($"""
            try: await send({message})
            except (RuntimeError, TypeError) as error: errors.append(str(error))
            await send({Start})
            await send({End})
            """));

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        (await server.Evaluate("errors[0]")).ShouldContain(error);
        server.Log.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Start, "Expected ASGI message 'http.response.body', but got 'http.response.start'.")]
    [InlineData("{'type': 'http.response.body', 'body': 'text'}", "the body of a response is bytes, not a str")]
    [InlineData("{'type': 'http.response.pathsend', 'path': 'relative'}", "absolute path of a file")]
    [InlineData("{'type': 'http.response.trailers'}", "Expected ASGI message 'http.response.body'")]
    public async Task AMessage_ThatIsWrongAfterTheStart_RaisesAnError(string message, string error)
    {
        await using AsgiServer server = await AsgiServer.Start(App($"""
            await send({Start})
            try: await send({message})
            except (RuntimeError, TypeError) as error: errors.append(str(error))
            await send({End})
            """));

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        (await server.Evaluate("errors[0]")).ShouldContain(error);
    }

    [Theory]
    [InlineData("send()", "exactly one argument (0 given)")]
    [InlineData("send(1, 2)", "exactly one argument (2 given)")]
    [InlineData("receive(1)", "no arguments")]
    public async Task ACall_WithWrongArguments_RaisesTypeError(string call, string error)
    {
        await using AsgiServer server = await AsgiServer.Start(App($"""
            try: await {call}
            except TypeError as error: errors.append(str(error))
            await send(message={Start})
            await send({End})
            """));

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        (await server.Evaluate("errors[0]")).ShouldContain(error);
    }

    [Fact]
    public async Task HeadersOfTheConnection_AreTheServers()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'Transfer-Encoding', b'chunked'), (b'Connection', b'upgrade'), (b'Upgrade', b'x'), (b'Keep-Alive', b'5'), (b'x', b'y')]})
            await send({'type': 'http.response.body', 'body': b'5\r\nhello\r\n0\r\n\r\n'})
            """));

        string answer = await server.Exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        answer.ShouldContain("x: y", Case.Insensitive);
        answer.ShouldNotContain("pgrade");
        answer.ShouldNotContain("Keep-Alive");
        answer.ShouldContain("\r\nf\r\n5\r\nhello\r\n0\r\n\r\n\r\n0\r\n\r\n", Case.Sensitive, "the server frames the body");
    }

    [Theory]
    [InlineData("close")]
    [InlineData("Close")]
    public async Task ConnectionClose_ClosesTheConnection(string value)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'connection', b'{{value}}')]})
            await send({{End}})
            """));

        (await server.Exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).ShouldContain("fine");
    }

    [Theory]
    [InlineData("raise ValueError('before')", "ValueError: before")]
    [InlineData("return", "returned without completing its response")]
    public async Task AnApplication_ThatEndsBeforeTheStart_IsAnsweredBy500(string body, string logged)
    {
        await using AsgiServer server = await AsgiServer.Start(App(body));

        using HttpResponseMessage response = await server.Client.GetAsync("/");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await server.UntilLogged(logged);
        server.Log.Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AnException_BeforeTheStart_ReachesTheExceptionHandler()
    {
        await using AsgiServer server = await AsgiServer.Start(
            App("raise ValueError('before')"),
            use: app => app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = async context =>
                {
                    var feature = context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()!;
                    await context.Response.WriteAsync($"handled {((PythonException)feature.Error).Message}");
                },
            }));

        using HttpResponseMessage response = await server.Client.GetAsync("/");

        (await response.Content.ReadAsStringAsync()).ShouldContain("before");
    }

    [Fact]
    public async Task AnException_AfterAPartWasSent_ClosesTheConnection()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({{Start}})
            await send({'type': 'http.response.body', 'body': b'part', 'more_body': True})
            await step.wait()
            raise ValueError('after')
            """));
        await using var stream = await server.Connect();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        await stream.ReadUntil("part");
        await server.Evaluate("step.set()");

        (await stream.ReadUntilClosed()).ShouldNotContain("0\r\n\r\n", Case.Sensitive, "the body is not complete");
        await server.UntilLogged("ValueError: after");
    }

    [Fact]
    public async Task AnException_AfterTheResponse_IsLogged()
    {
        await using AsgiServer server = await AsgiServer.Start(App($"""
            await send({Start})
            await send({End})
            raise ValueError('late')
            """));

        (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        await server.UntilLogged("ValueError: late");
        server.Log.Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AnApplication_ThatReturnsAfterTheStart_GivesNoCompleteResponse()
    {
        await using AsgiServer server = await AsgiServer.Start(App($"await send({Start})"));

        string answer = await server.Exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        // Depends on whether the head was sent before the application returned.
        if (!answer.StartsWith("HTTP/1.1 500 ", StringComparison.Ordinal))
        {
            answer.ShouldStartWith("HTTP/1.1 200 ");
            answer.ShouldNotContain("0\r\n\r\n");
        }

        await server.UntilLogged("returned without completing its response");
    }

    [Theory]
    [InlineData("b'12'", "shorter")]
    [InlineData("b'1234'", "longer")]
    public async Task ABody_OfAnotherLengthThanDeclared_RaisesAnError(string body, string error)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'3')]})
            try: await send({'type': 'http.response.body', 'body': {{body}}})
            except RuntimeError as e: errors.append(str(e))
            await send({'type': 'http.response.body', 'body': b'123'})
            """));

        using HttpResponseMessage response = await server.Client.GetAsync("/");

        (await server.Evaluate("errors")).ShouldContain($"Response content {error} than Content-Length");
    }

    [Fact]
    public async Task Callables_KeptBeyondTheRequest_DoNotReachAnotherOne()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            if kept:
                old_receive, old_send = kept[-1]
                assert old_send is not send and old_receive is not receive
                assert (await old_receive())["type"] == "http.disconnect"
                try: await old_send({{End}})
                except RuntimeError as error: errors.append(str(error))
            kept.append((receive, send))
            await send({{Start}})
            await send({{End}})
            try: await send({{End}})
            except RuntimeError as error: errors.append(str(error))
            """));

        for (int i = 0; i < 50; i++)
        {
            (await server.Client.GetStringAsync("/")).ShouldBe("fine");
        }

        (await server.Evaluate("len(set(map(id, (s for r, s in kept))))")).ShouldBe("50");
        (await server.Evaluate("set(errors)")).ShouldBe("""{"Unexpected ASGI message 'http.response.body' sent, after response already completed."}""");
        (await server.Evaluate("len(errors)")).ShouldBe("99");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Callables_ThatAreNotKept_AreReused()
    {
        await using AsgiServer server = await AsgiServer.Start(App($"""
            kept.append((id(receive), id(send)))
            await send({Start})
            await send({End})
            """));

        for (int i = 0; i < 50; i++)
        {
            await server.Client.GetStringAsync("/");
        }

        int.Parse(await server.Evaluate("len(set(kept))")).ShouldBeLessThan(5);
    }

    [Theory]
    [InlineData("raise ValueError('early')", 500)]
    [InlineData("await send({'type': 'http.response.body', 'body': 'text'})", 500)]
    [InlineData("return", 500)]
    [InlineData("await asyncio.ensure_future(asyncio.sleep(0)); raise ValueError('late')", 0)]
    [InlineData("await send({'type': 'http.response.body', 'body': b'part', 'more_body': True}); raise ValueError('in the body')", 0)]
    [InlineData("await send({'type': 'http.response.body', 'body': b'part', 'more_body': True})", 0)]
    public async Task AFailure_AfterTheStartOfTheResponse_HasOneResult(string rest, int status)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            if "waits" in scope["path"]:
                await asyncio.sleep(0)
            await send({{Start}})
            {{rest}}
            """));
        for (int i = 0; i < 200; i++)
        {
            string answer = await server.Exchange($"GET /{(i % 2 == 0 ? "waits" : "")} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

            answer.ShouldStartWith($"HTTP/1.1 {(status == 0 ? 200 : status)} ");
            answer.ShouldNotEndWith("\r\n0\r\n\r\n"); // Cut off, if it has begun.
        }
    }
}
