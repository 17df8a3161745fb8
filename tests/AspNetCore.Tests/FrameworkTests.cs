using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.WebSocketClient;

namespace PyAsync.Tests;

/// <summary>Starlette, FastAPI, Django and Quart, where they are installed.</summary>
public sealed class FrameworkTests
{
    [Fact]
    public async Task Starlette_RoutesStreamsAndSockets()
    {
        Require("starlette");
        await using AsgiServer server = await AsgiServer.Start(
            """
            import asyncio
            import contextlib
            from starlette.applications import Starlette
            from starlette.background import BackgroundTask
            from starlette.middleware import Middleware
            from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, StreamingResponse
            from starlette.routing import Route, WebSocketRoute
            log = []
            async def item(request):
                return JSONResponse({"id": request.path_params["id"], "q": request.query_params.get("q"), "url": str(request.url), "client": request.client.host})
            async def echo(request):
                return PlainTextResponse(await request.body(), headers={"x-length": request.headers["content-length"]})
            async def stream(request):
                async def parts():
                    for i in range(1_000_000):
                        yield f"part {i}\n"
                        await asyncio.sleep(0)
                return StreamingResponse(parts())
            async def background(request):
                async def work(): log.append("background")
                return PlainTextResponse("done", background=BackgroundTask(work))
            async def fail(request): raise ValueError("in Starlette")
            async def socket(websocket):
                await websocket.accept()
                async for text in websocket.iter_text():
                    await websocket.send_text(text + "!")
            @contextlib.asynccontextmanager
            async def lifespan(app):
                log.append("startup")
                yield
            class Ends:
                def __init__(self, app): self.app = app
                async def __call__(self, scope, receive, send):
                    try: await self.app(scope, receive, send)
                    finally: log.append("end of " + scope.get("path", "lifespan"))
            app = Starlette(middleware=[Middleware(Ends)], routes=[Route("/items/{id:int}", item), Route("/echo", echo, methods=["POST"]), Route("/stream", stream), Route("/background", background), Route("/fail", fail), WebSocketRoute("/socket", socket)], lifespan=lifespan)
            """,
            "/api");

        (await server.Client.GetStringAsync("/api/items/5?q=x")).ShouldContain("""{"id":5,"q":"x","url":"http://127.0.0.1""");
        (await server.Client.GetAsync("/api/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await server.Client.PostAsync("/api/echo", new StringContent("body"))).Content.ReadAsStringAsync()).ShouldBe("body");
        (await server.Client.GetStringAsync("/api/background")).ShouldBe("done");
        await server.Until("'background' in log");
        (await server.Client.GetAsync("/api/fail")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await server.UntilLogged("ValueError: in Starlette");
        using (HttpResponseMessage response = await server.Client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync()).ShouldBe("part 0");
        }

        await server.Until("any(entry.endswith('/stream') for entry in log)");
        using ClientWebSocket socket = await Connect(server, "/api/socket");
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, default);
        (await Receive(socket)).Text.ShouldBe("hello!");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        (await server.Evaluate("'startup' in log")).ShouldBe("True");
    }

    [Fact]
    public async Task FastApi_ValidatesAndUsesServices()
    {
        Require("fastapi");
        await using AsgiServer server = await AsgiServer.Start(
            """
            from fastapi import Depends, FastAPI, HTTPException, WebSocket
            from pydantic import BaseModel
            from pyasync.web import dotnet
            app = FastAPI(title="Test")
            class Order(BaseModel):
                name: str
                amount: int
            @app.get("/sync")
            def sync(): return {"kind": "sync"}
            @app.post("/orders")
            async def add(order: Order): return {"name": order.name, "amount": order.amount + 1}
            @app.get("/price/{number}")
            async def price(number: int, prices=Depends(dotnet("IPrices"))):
                return {"price": await prices.get_price(number)}
            @app.get("/missing")
            async def missing(): raise HTTPException(404, "not here")
            """,
            "/api",
            options: options => options.ExposeService<IPrices>(),
            build: builder => builder.Services.AddScoped<IPrices, Prices>());

        (await server.Client.GetStringAsync("/api/sync")).ShouldBe("""{"kind":"sync"}""");
        (await (await server.Client.PostAsJsonAsync("/api/orders", new { name = "pen", amount = 2 })).Content.ReadAsStringAsync()).ShouldBe("""{"name":"pen","amount":3}""");
        (await server.Client.PostAsJsonAsync("/api/orders", new { name = "pen" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Client.GetStringAsync("/api/price/4")).ShouldBe("""{"price":8.0}""");
        (await server.Client.GetAsync("/api/missing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.GetStringAsync("/api/openapi.json")).ShouldContain("\"title\":\"Test\"");
        (await server.Client.GetStringAsync("/api/docs")).ShouldContain("/api/openapi.json");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Django_RoutesReadsAndStreams()
    {
        Require("django");
        await using AsgiServer server = await AsgiServer.Start(
            """
            import django
            from django.conf import settings
            from django.core.asgi import get_asgi_application
            from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
            from django.urls import path
            async def item(request, number):
                return JsonResponse({"number": number, "q": request.GET.get("q"), "path": request.path, "secure": request.is_secure()})
            def plain(request):
                response = HttpResponse(request.body[::-1], status=201)
                response.set_cookie("seen", "yes")
                return response
            async def generate():
                for i in range(3): yield f"part {i}\n"
            def parts(request):
                return StreamingHttpResponse(generate() if django.VERSION >= (4, 2) else (f"part {i}\n" for i in range(3)))
            class Routes:
                urlpatterns = [path("items/<int:number>", item), path("plain", plain), path("parts", parts)]
            settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=Routes, SECRET_KEY="of a test")
            django.setup()
            app = get_asgi_application()
            """,
            "/api");

        (await server.Client.GetStringAsync("/api/items/5?q=x")).ShouldBe("""{"number": 5, "q": "x", "path": "/api/items/5", "secure": false}""");
        using HttpResponseMessage posted = await server.Client.PostAsync("/api/plain", new StringContent("body"));
        posted.StatusCode.ShouldBe(HttpStatusCode.Created);
        posted.Headers.GetValues("Set-Cookie").ShouldBe(["seen=yes; Path=/"]);
        (await posted.Content.ReadAsStringAsync()).ShouldBe("ydob");
        (await server.Client.GetStringAsync("/api/parts")).ShouldBe("part 0\npart 1\npart 2\n");
        (await server.Client.GetAsync("/api/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Quart_RoutesStreamsAndSockets()
    {
        Require("quart");
        await using AsgiServer server = await AsgiServer.Start(
            """
            from quart import Quart, request, websocket
            app = Quart("asgi_test")
            log = []
            @app.before_serving
            async def startup(): log.append("startup")
            @app.route("/items/<int:number>")
            async def item(number): return {"number": number, "q": request.args.get("q")}
            @app.post("/echo")
            async def echo(): return (await request.get_data())[::-1], 201, {"x-seen": "yes"}
            @app.route("/parts")
            async def parts():
                async def generate():
                    for i in range(3): yield f"part {i}\n".encode()
                return generate()
            @app.websocket("/socket")
            async def socket():
                while True: await websocket.send(await websocket.receive() + "!")
            """,
            "/api");

        (await server.Client.GetFromJsonAsync<Dictionary<string, object>>("/api/items/5?q=x"))!["q"].ToString().ShouldBe("x");
        using HttpResponseMessage posted = await server.Client.PostAsync("/api/echo", new StringContent("body"));
        posted.StatusCode.ShouldBe(HttpStatusCode.Created);
        posted.Headers.GetValues("x-seen").ShouldBe(["yes"]);
        (await posted.Content.ReadAsStringAsync()).ShouldBe("ydob");
        (await server.Client.GetStringAsync("/api/parts")).ShouldBe("part 0\npart 1\npart 2\n");
        (await server.Client.GetAsync("/api/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using ClientWebSocket socket = await Connect(server, "/api/socket");
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, default);
        (await Receive(socket)).Text.ShouldBe("hello!");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        (await server.Evaluate("log")).ShouldBe("['startup']");
    }

    public interface IPrices
    {
        Task<double> GetPriceAsync(int number);
    }

    private sealed class Prices : IPrices
    {
        public async Task<double> GetPriceAsync(int number)
        {
            await Task.Yield();
            return number * 2;
        }
    }

    [Fact]
    public async Task Starlette_ThatReportsAClientThatHasLeft_IsNoFailure()
    {
        Require("starlette");
        await using AsgiServer server = await AsgiServer.Start("""
            import asyncio
            from starlette.requests import ClientDisconnect
            log = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                log.append("begun")
                while (await receive())["type"] != "http.disconnect": pass
                try: await send({"type": "http.response.start", "status": 200})
                except OSError:
                    log.append("end")
                    raise ClientDisconnect()
            """);
        using (NetworkStream stream = await server.Connect())
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            await server.Until("log");
        }

        await server.Until("log[-1] == 'end'");
        await server.Application.StopAsync();
        server.Log.Entries.ShouldBeEmpty();
    }

    private static void Require(string module)
    {
        bool isThere;
        try
        {
            using PyObject found = PyObject.Import(module);
            isThere = true;
        }
        catch (PythonException)
        {
            isThere = false;
        }

        Assert.SkipUnless(isThere, $"{module} is not installed. On Debian type: apt-get install python3-{module}");
    }
}
