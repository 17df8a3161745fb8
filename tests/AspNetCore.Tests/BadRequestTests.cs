using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using PyAsync.Interop;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>Requests that do not keep to HTTP.</summary>
public sealed class BadRequestTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n X: folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nX\u0001: y\r\n\r\n")]
    public async Task Requests_ThatCouldBeReadInTwoWays_AreRefused(string request)
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            kept.append(scope)
            while (message := await receive()).get("more_body"): pass
            if message["type"] == "http.disconnect": return
            await send({{Start}})
            await send({{End}})
            """));

        string answer = await server.Exchange(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, "one answer, after which the connection is closed");
        (await server.Evaluate("[s['path'] for s in kept if s['path'] != '/']")).ShouldBe("[]");
    }

    [Fact]
    public async Task ARequest_WithChunksAndALength_IsReadByItsChunks()
    {
        await using AsgiServer server = await AsgiServer.Start(App($$"""
            body = b""
            while True:
                message = await receive()
                body += message["body"]
                if not message["more_body"]: break
            kept.append((scope["path"], body, [h for h in scope["headers"] if h[0] == b"content-length"]))
            await send({{Start}})
            await send({{End}})
            """));

        await server.Exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        // Kestrel removes the length (RFC 9112, 6.1), or refuses the request and closes the connection.
        string kept = await server.Evaluate("kept");
        kept.ShouldBeOneOf("[('/', b'hello', []), ('/next', b'', [])]", "[('/', b'hello', [])]", "[]");
    }

    [Fact]
    public async Task ABody_LargerThanTheServersLimit_IsRefused()
    {
        await using AsgiServer server = await AsgiServer.Start(
            App($$"""
                while (message := await receive()).get("more_body"): pass
                kept.append(message["type"])
                """),
            build: builder => builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 1000));
        string chunk = $"1F4\r\n{new string('x', 500)}\r\n";

        string answer = await server.Exchange($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}0\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 413 ");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/parts")]
    public async Task ABody_ThatTurnsOutMalformed_DoesNotReplaceTheResponseByAnEmptyOne(string path)
    {
        // The loop is busy while the server finds the fault.
        var body = new WatchedBody();
        await using AsgiServer server = await AsgiServer.Start(
            App("""
                import time
                await receive()
                taken()
                start = {"type": "http.response.start", "status": 403, "headers": []}
                if scope["path"] == "/parts":
                    await send(start)
                    await send({"type": "http.response.body", "body": b"first", "more_body": True})
                await asyncio.sleep(0)
                while not has_fault(): time.sleep(0.001)
                if scope["path"] != "/parts":
                    await send(start)
                await send({"type": "http.response.body", "body": b"last"})
                """),
            use: app => app.Use((context, next) =>
            {
                body.Watch(context);
                return next(context);
            }));
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await server.Define("taken", () =>
        {
            taken.SetResult();
            return PyObject.None;
        });
        await server.Define("has_fault", () => PyObject.From(body.HasFault, PyConvert.Boolean));
        await using NetworkStream stream = await server.Connect();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
        await taken.Task;
        string answer = path == "/parts" ? await stream.ReadUntil("first") : "";

        await stream.WriteAsync("5\r\nhello\r\nzz\r\n"u8.ToArray());

        answer += await stream.ReadUntilClosed();
        answer.ShouldNotContain("HTTP/1.1 200 ");
        (answer.Contains("last") || answer.StartsWith("HTTP/1.1 400 ") || !answer.EndsWith("\r\n0\r\n\r\n")).ShouldBeTrue(answer);
    }

    /// <summary>Notes that the server has found a fault in the body of a request.</summary>
    private sealed class WatchedBody : PipeReader, IRequestBodyPipeFeature
    {
        private PipeReader? _reader;
        private volatile bool _hasFault;

        public bool HasFault => _hasFault;

        public PipeReader Reader => this;

        public void Watch(HttpContext context)
        {
            _reader = context.Request.BodyReader;
            context.Features.Set<IRequestBodyPipeFeature>(this);
        }

        public override bool TryRead(out ReadResult result) => _reader!.TryRead(out result);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await _reader!.ReadAsync(cancellationToken);
            }
            catch (BadHttpRequestException)
            {
                _hasFault = true;
                throw;
            }
        }

        public override void AdvanceTo(SequencePosition consumed) => _reader!.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _reader!.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => _reader!.CancelPendingRead();

        public override void Complete(Exception? exception = null) => _reader!.Complete(exception);
    }
}
