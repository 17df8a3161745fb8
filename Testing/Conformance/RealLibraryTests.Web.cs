using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

public abstract partial class RealLibraryTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Aiohttp_serves_and_asks()
    {
        Require("aiohttp");
        using PyObject module = Python("""
            import inspect

            from aiohttp import web

            # Newer versions wait at the end for handlers that still run.
            knows_timeout = "shutdown_timeout" in inspect.signature(web.BaseRunner.__init__).parameters

            async def serve(greet, items):
                async def hello(request):
                    return web.Response(text=await greet(request.match_info["name"], await request.text()))

                async def stream(request):
                    response = web.StreamResponse()
                    await response.prepare(request)
                    async for item in items():
                        await response.write(item)
                    return response

                async def slow(request):
                    await asyncio.sleep(60)

                app = web.Application()
                app.router.add_post("/hello/{name}", hello)
                app.router.add_get("/stream", stream)
                app.router.add_get("/slow", slow)
                runner = web.AppRunner(app, **({"shutdown_timeout": 0.1} if knows_timeout else {}))
                await runner.setup()
                site = web.TCPSite(runner, "127.0.0.1", 0)
                await site.start()
                return runner, site._server.sockets[0].getsockname()[1]
            """);
        PyObject greet = Function<string, string, string>(async (name, body, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            return $"hello {name}, you said {body}";
        });
        PyObject items = Own(PyFunction.Create("items", _ => Runtime.AsyncEnumerableIntoPy(Chunks())));
        (PyObject runner, int port) = await Runtime.CallAsync<(PyObject, int)>(module.GetAttr("serve"), [greet, items]);
        string url = $"http://127.0.0.1:{port}";
        using PyObject aiohttp = PyObject.Import("aiohttp");
        PyObject session = await Invoke(aiohttp, "ClientSession");

        // Bound to the loop, and used for all calls.
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            PyObject response = await Await(session, "post", [$"{url}/hello/{i}", PyArgument.Named("data", "hi")]);
            return await Await<string>(response, "text");
        }));
        answers.ShouldBe(Enumerable.Range(0, 100).Select(i => $"hello {i}, you said hi"));

        PyObject streamed = await Await(session, "get", [url + "/stream"]);
        long bytes = 0;
        await foreach (byte[] chunk in Runtime.IntoAsyncEnumerable<byte[]>(() => streamed.GetAttr("content").CallMethod("iter_chunked", [4096])))
        {
            bytes += chunk.Length;
        }

        bytes.ShouldBe(100 * 10_000);

        using PyObject impatient = await Invoke(aiohttp, "ClientTimeout", [PyArgument.Named("total", 0.05)]);
        await ThrowsAsync<TimeoutException>(Await(session, "get", [url + "/slow", PyArgument.Named("timeout", impatient)]));
        using var cts = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        (await ThrowsAsync<OperationCanceledException>(Await(session, "get", [url + "/slow"], cts.Token))).CancellationToken.ShouldBe(cts.Token);

        await Await(session, "close");
        await Await(Own(runner), "cleanup");
        (await ThrowsAsync<PythonException>(UseClosed())).IsInstanceOf("RuntimeError").ShouldBeTrue();

        async Task UseClosed() => await Await(session, "get", [url]);

        static async IAsyncEnumerable<byte[]> Chunks()
        {
            for (int i = 0; i < 100; i++)
            {
                await Task.Yield();
                yield return new byte[10_000];
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Httpx_asks_a_server_of_dotnet()
    {
        Require("httpx");
        using HttpListener listener = Listen(out string url);
        Task serving = Serve(listener);
        using PyObject httpx = PyObject.Import("httpx");
        PyObject client = await Invoke(httpx, "AsyncClient", [PyArgument.Named("base_url", url), PyArgument.Named("trust_env", false)]);

        int[] squares = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            PyObject response = await Await(client, "post", ["/square", PyArgument.Named("json", new Dictionary<string, int> { ["x"] = i })]);
            using PyObject json = response.CallMethod("json");
            return json["square"].As<int>();
        }));
        squares.ShouldBe(Enumerable.Range(0, 50).Select(i => i * i));

        PyObject missing = await Await(client, "get", ["/missing"]);
        PythonException status = await ThrowsAsync<PythonException>(Runtime.InvokeAsync(() => missing.CallMethod("raise_for_status").Dispose()));
        status.TypeName.ShouldBe("httpx.HTTPStatusError");
        status.Message.ShouldContain("404");

        await Await(client, "aclose");
        listener.Stop();
        await serving;

        PyObject late = await Invoke(httpx, "AsyncClient", [PyArgument.Named("trust_env", false)]);
        (await ThrowsAsync<PythonException>(Await(late, "get", [url]))).IsInstanceOf("httpx.ConnectError").ShouldBeTrue();
        await Await(late, "aclose");
    }

    [ConformanceFact]
    public virtual async Task Websockets_talk_both_ways()
    {
        Require("websockets");
        using PyObject module = Python("""
            import websockets

            async def serve(answer):
                async def handle(socket):
                    async for message in socket:
                        if message == "count":
                            for i in range(1000):
                                await socket.send(str(i))
                            return
                        await socket.send(await answer(message))

                server = await websockets.serve(handle, "127.0.0.1", 0)
                return server, server.sockets[0].getsockname()[1]
            """);
        PyObject answer = Function(async (string message, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            return $"you said {message}";
        });
        (PyObject server, int port) = await Runtime.CallAsync<(PyObject, int)>(module.GetAttr("serve"), [answer]);
        using PyObject websockets = PyObject.Import("websockets");

        int[] right = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            PyObject socket = await Connect();
            int same = 0;
            for (int j = 0; j < 20; j++)
            {
                await Await(socket, "send", [$"{i}/{j}"]);
                same += await Await<string>(socket, "recv") == $"you said {i}/{j}" ? 1 : 0;
            }

            await Await(socket, "close");
            return same;
        }));
        right.ShouldAllBe(same => same == 20);

        PyObject counting = await Connect();
        await Await(counting, "send", ["count"]);
        List<string> numbers = await Runtime.IntoAsyncEnumerable<string>(counting.Clone).ToListAsync();
        numbers.ShouldBe(Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        (await ThrowsAsync<PythonException>(Await(counting, "recv"))).IsInstanceOf("websockets.exceptions.ConnectionClosedOK").ShouldBeTrue();

        await Invoke(Own(server), "close");
        await Await(server, "wait_closed");

        Task<PyObject> Connect() => Await(websockets, "connect", [$"ws://127.0.0.1:{port}"]);
    }

    /// <summary>Listens on a free port below those that systems give to clients: another test's connection may take one of these before the listener starts.</summary>
    private static HttpListener Listen(out string url)
    {
        for (int attempt = 0; ; attempt++)
        {
            url = $"http://127.0.0.1:{RandomNumberGenerator.GetInt32(10_000, 32_000)}/";
            var listener = new HttpListener { Prefixes = { url } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 100)
            {
                // The port is in use.
            }
        }
    }

    private static async Task Serve(HttpListener listener)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // Stopped.
            }

            if (context.Request.Url!.AbsolutePath == "/square")
            {
                Dictionary<string, int> body = (await JsonSerializer.DeserializeAsync<Dictionary<string, int>>(context.Request.InputStream))!;
                await JsonSerializer.SerializeAsync(context.Response.OutputStream, new Dictionary<string, int> { ["square"] = body["x"] * body["x"] });
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
    }
}
