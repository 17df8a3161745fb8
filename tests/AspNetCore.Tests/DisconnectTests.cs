using System.Net.Sockets;
using System.Text;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Clients that leave before the response is complete.</summary>
public sealed class DisconnectTests
{
    private const string Recorder = """
        import asyncio
        log = []
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            try:
                await handle(scope, receive, send)
            except BaseException as error:
                log.append(f"{type(error).__name__}")
                raise
            finally:
                log.append("end")

        """;

    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Upload = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc";

    [Fact]
    public async Task PendingReceive_GetsDisconnect_AndTheTaskIsNotCancelled()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                log.append((await receive())["type"])
                log.append((await receive())["type"])
                log.append((await receive())["type"])
            """);
        await SendAndLeave(server, Get, "len(log) == 1");
        (await server.Evaluate("log")).ShouldBe("['http.request', 'http.disconnect', 'http.disconnect', 'end']");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receive_OfTwoTasks_BothGetDisconnect()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                log.append((await receive())["type"])
                log.extend(m["type"] for m in await asyncio.gather(receive(), receive()))
            """);
        await SendAndLeave(server, Get, "len(log) == 1");
        (await server.Evaluate("log")).ShouldBe("['http.request', 'http.disconnect', 'http.disconnect', 'end']");
    }

    [Fact]
    public async Task Receive_OfATaskThatOutlivesAFailedApplication_GetsDisconnect()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            step = asyncio.Event()
            tasks = []
            async def handle(scope, receive, send):
                async def outlive():
                    await step.wait()
                    log.append((await receive())["type"])
                    try: await send({"type": "http.response.start", "status": 200})
                    except RuntimeError as error: log.append(str(error))
                tasks.append(asyncio.ensure_future(outlive()))
                raise ValueError("failed")
            """);
        using HttpResponseMessage response = await server.Client.GetAsync("/");
        ((int)response.StatusCode).ShouldBe(500);

        await server.Evaluate("step.set()");

        await server.Until("len(log) == 4");
        (await server.Evaluate("log[2:]")).ShouldBe(
            """['http.disconnect', "Unexpected ASGI message 'http.response.start' sent, after response already completed."]""");
    }

    [Fact]
    public async Task Receive_ThatIsCancelled_LosesNoMessage()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                try:
                    async with asyncio.timeout(0.01): await receive()
                except TimeoutError:
                    log.append("timeout")
                log.append((await receive())["body"])
                await send({"type": "http.response.start", "status": 200})
                await send({"type": "http.response.body", "body": b"ok"})
            """);
        await using NetworkStream stream = await server.Connect();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"u8.ToArray());
        await server.Until("log == ['timeout']");
        await stream.WriteAsync("body"u8.ToArray());

        (await new StreamReader(stream).ReadToEndAsync()).ShouldContain("ok");
        (await server.Evaluate("log")).ShouldBe("['timeout', b'body', 'end']");
    }

    [Fact]
    public async Task Upload_ThatStops_GivesDisconnect()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                while True:
                    message = await receive()
                    log.append(message["type"])
                    if message["type"] == "http.disconnect": break
            """);
        await SendAndLeave(server, Upload, "len(log) == 1");
        (await server.Evaluate("log")).ShouldBe("['http.request', 'http.disconnect', 'end']");
    }

    [Fact]
    public async Task EverySend_AfterTheClientHasLeft_RaisesOSError()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                log.append("begun")
                while (await receive())["type"] != "http.disconnect":
                    pass
                for message in ({"type": "http.response.start", "status": 200}, {"type": "http.response.body", "body": b"late"}, {"type": "http.response.trailers"}):
                    try:
                        await send(message)
                    except OSError as error:
                        log.append(str(error))
            """);
        await SendAndLeave(server, Upload, "log");
        (await server.Evaluate("[line for line in log if line == 'the client has closed the connection']")).ShouldBe(
            "['the client has closed the connection', 'the client has closed the connection', 'the client has closed the connection']");
    }

    [Fact]
    public async Task Send_BehindResponseCompression_NoticesThatTheClientHasLeft()
    {
        await using AsgiServer server = await AsgiServer.Start(
            Recorder + """
            async def handle(scope, receive, send):
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
                log.append("started")
                while True:
                    await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
                    await asyncio.sleep(0)
            """,
            build: builder => builder.Services.AddResponseCompression(),
            use: application => application.UseResponseCompression());
        await SendAndLeave(server, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n", "log");
        (await server.Evaluate("log")).ShouldBe("['started', 'ClientDisconnected', 'end']");
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_AfterTheClientHasLeft_RaisesOSError()
    {
        await using AsgiServer server = await AsgiServer.Start(Recorder + """
            async def handle(scope, receive, send):
                await send({"type": "http.response.start", "status": 200})
                try:
                    while True:
                        await send({"type": "http.response.body", "body": b"x" * 10000, "more_body": True})
                        await asyncio.sleep(0)
                except OSError as error:
                    log.append(str(error))
                    raise
            """);
        using (NetworkStream stream = await server.Connect())
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            await stream.ReadExactlyAsync(new byte[1000]);
        }

        await server.Until("log and log[-1] == 'end'");
        (await server.Evaluate("log")).ShouldBe("['the client has closed the connection', 'ClientDisconnected', 'end']");
        server.Log.Entries.ShouldBeEmpty("the exception of send() is no failure of the application");
    }

    [Fact]
    public async Task Clients_ThatLeaveAtAnyPoint_LeaveNothingBehind()
    {
        await using AsgiServer server = await AsgiServer.Start("""
            import asyncio
            running = 0
            ended = 0
            async def app(scope, receive, send):
                global running, ended
                if scope["type"] == "lifespan": return
                running += 1
                try:
                    message = await receive()
                    while message.get("more_body"):
                        message = await receive()
                    await send({"type": "http.response.start", "status": 200})
                    for i in range(20):
                        await send({"type": "http.response.body", "body": b"x" * 5000, "more_body": True})
                        if i % 5 == 0: await asyncio.sleep(0)
                    await send({"type": "http.response.body", "body": b""})
                except OSError:
                    pass
                finally:
                    running -= 1
                    ended += 1
            """);
        byte[] request = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n12345678901234567890123456789012345678901234567890"u8.ToArray();
        int times = Math.Max(Repetitions.Of(1_000), request.Length + 1); // Each point at least once.
        int begun = 0;
        await Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            using NetworkStream stream = await server.Connect();
            int sent = i % (request.Length + 1);
            if (i % 3 == 0)
            {
                stream.Socket.LingerState = new LingerOption(true, 0); // A reset instead of an orderly end.
            }

            await stream.WriteAsync(request.AsMemory(0, sent), cancellationToken);
            if (sent >= request.Length - 50)
            {
                Interlocked.Increment(ref begun);
            }

            if (i % 4 == 0 && sent == request.Length)
            {
                await stream.ReadExactlyAsync(new byte[i % 1000], cancellationToken);
            }
        });

        await server.Until("running == 0");
        (await server.Client.PostAsync("/", new StringContent("last")).ContinueWith(task => task.Result.IsSuccessStatusCode)).ShouldBeTrue();
        server.Log.Entries.ShouldBeEmpty();
        begun.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(304)]
    public async Task Pathsend_EndsAReceiveThatWaits(int status)
    {
        string path = Path.GetTempFileName();
        await using AsgiServer server = await AsgiServer.Start($$"""
            import asyncio
            received = []
            async def app(scope, receive, send):
                if scope["type"] == "lifespan": return
                await receive()
                waiting = asyncio.ensure_future(receive())
                await send({"type": "http.response.start", "status": {{status}}})
                await send({"type": "http.response.pathsend", "path": "{{path}}"})
                received.append((await waiting)["type"])
            """);

        using HttpResponseMessage response = await server.Client.GetAsync("/");

        ((int)response.StatusCode).ShouldBe(status);
        await server.Until("received == ['http.disconnect']");
        server.Log.Entries.ShouldBeEmpty();
        File.Delete(path);
    }

    /// <summary>Sends a request, closes the connection when a condition holds, and waits for the application's end.</summary>
    private static async Task SendAndLeave(AsgiServer server, string request, string when)
    {
        using (NetworkStream stream = await server.Connect())
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            await server.Until(when);
        }

        await server.Until("log[-1] == 'end'");
    }
}
