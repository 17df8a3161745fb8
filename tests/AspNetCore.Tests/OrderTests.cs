using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>The place of a request in the order of the loop's callbacks, and the context in which it runs there.</summary>
public sealed class OrderTests
{
    private static readonly string s_application = App($$"""
        kept.append("step")
        await send({{Start}})
        await send({{End}})
        """) + """

        def schedule(): asyncio.get_running_loop().call_soon(kept.append, "scheduled before")

        """;

    private const string CodeWhenCalled = """
        coroutine_function = app
        def app(scope, receive, send):
            kept.append("call")
            return coroutine_function(scope, receive, send)
        """;

    [Theory]
    [InlineData("", "['scheduled before', 'step']")]
    [InlineData(CodeWhenCalled, "['scheduled before', 'call', 'step']")]
    public async Task AnApplication_BeginsBehindTheCallbacks_ThatWereScheduledBefore(string application, string order)
    {
        int posted = 0;
        await using AsgiServer server = await AsgiServer.Start(
            s_application + application,
            options: options => options.Lifespan = AsgiLifespan.Off,
            use: app => app.Use(async (context, next) =>
            {
                Task running = next(context); // Returns when the request is in the loop's inbox.
                Volatile.Write(ref posted, 1);
                await running;
            }));

        Task<string>? response = null;
        await server.Runtime.InvokeAsync(
            () =>
            {
                response = Task.Run(() => server.Client.GetStringAsync("/"));
                SpinWait.SpinUntil(() => Volatile.Read(ref posted) == 1, TimeSpan.FromMinutes(1)).ShouldBeTrue();
                server.Module.CallMethod("schedule").Dispose();
            },
            CancellationToken.None);

        (await response!).ShouldBe("fine");
        (await server.Evaluate("kept")).ShouldBe(order);
    }

    [Fact]
    public async Task ContextVariables_OfARequest_AreNotThoseOfTheNextOne_NorOfOtherCalls()
    {
        int posted = 0;
        Task<string>? next = null;
        Task<string>? call = null;
        await using AsgiServer server = await AsgiServer.Start(
            $$"""
            import contextvars
            variable = contextvars.ContextVar("variable", default="none")
            async def app(scope, receive, send):
                seen = variable.get()
                variable.set(scope["path"])
                await send({{Start}})
                if scope["path"] == "/first": others()
                await send({"type": "http.response.body", "body": seen.encode()})
            """,
            options: options => options.Lifespan = AsgiLifespan.Off,
            use: app => app.Use(async (context, rest) =>
            {
                Task running = rest(context); // Returns when the request is in the loop's inbox.
                Interlocked.Increment(ref posted);
                await running;
            }));

        // Both come while the first request's code runs, which has scheduled a drain by its send.
        await server.Define("others", () =>
        {
            next = Task.Run(() => server.Client.GetStringAsync("/second"));
            SpinWait.SpinUntil(() => Volatile.Read(ref posted) == 2, TimeSpan.FromMinutes(1)).ShouldBeTrue();
            call = Task.Run(() => server.Evaluate("variable.get()"));
            return PyObject.From(true, PyConvert.Boolean);
        });

        (await server.Client.GetStringAsync("/first")).ShouldBe("none");
        (await next!).ShouldBe("none");
        (await call!).ShouldBe("none");
    }
}
