using System.Buffers;
using System.IO.Pipelines;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// asyncio's streams as those of .NET.
public abstract partial class FlowTests<TFixture>
{
    private const string Connections = """
        class Connection:
            # A connection to a server, which the function serves.
            async def open(self, serve, limit=2**16):
                async def connected(reader, writer):
                    try:
                        await serve(reader, writer)
                    finally:
                        writer.close()

                self.server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=limit)
                host, port = self.server.sockets[0].getsockname()
                self.reader, self.writer = await asyncio.open_connection(host, port, limit=limit)
                return self

            async def close(self):
                self.writer.close()
                try:
                    await self.writer.wait_closed()
                except OSError:
                    pass
                self.server.close()
                await self.server.wait_closed()

        async def echo(reader, writer):
            while data := await reader.read(1000):
                writer.write(data)
                await writer.drain()

        async def open_echo():
            return await Connection().open(echo)
        """;

    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 1_000_000).Select(static i => (byte)(i * 31))];

    [ConformanceFact]
    public virtual async Task Streams_of_asyncio_are_a_stream_of_dotnet()
    {
        using PyObject module = Python(Connections);
        using PyObject connection = await Runtime.CallMethodAsync(module, "open_echo");
        Stream stream = Runtime.IntoStream(connection.GetAttr("reader"), connection.GetAttr("writer"));
        stream.CanRead.ShouldBeTrue();
        stream.CanWrite.ShouldBeTrue();
        stream.CanSeek.ShouldBeFalse();
        byte[] received = new byte[s_bytes.Length];

        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < s_bytes.Length; i += 10_000)
            {
                await stream.WriteAsync(s_bytes.AsMemory(i, 10_000));
            }

            await stream.FlushAsync();
        });
        await stream.ReadExactlyAsync(received);
        await writing;

        received.AsSpan().SequenceEqual(s_bytes).ShouldBeTrue();
        await stream.DisposeAsync();
        stream.CanRead.ShouldBeFalse();
        await ThrowsAsync<ObjectDisposedException>(stream.ReadAsync(received).AsTask());
        (await Runtime.InvokeAsync(() => connection.GetAttr("writer").CallMethod<bool>("is_closing"))).ShouldBeTrue();
        await Runtime.CallMethodAsync(connection, "close");
    }

    [ConformanceFact]
    public virtual async Task Streams_of_asyncio_are_pipes_of_dotnet()
    {
        using PyObject module = Python(Connections);
        using PyObject connection = await Runtime.CallMethodAsync(module, "open_echo");
        PipeReader reader = Runtime.IntoPipeReader(connection.GetAttr("reader"));
        PipeWriter writer = Runtime.IntoPipeWriter(connection.GetAttr("writer"));
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < s_bytes.Length; i += 25_000)
            {
                await writer.WriteAsync(s_bytes.AsMemory(i, 25_000));
            }
        });
        int position = 0;
        while (position < s_bytes.Length)
        {
            ReadResult result = await reader.ReadAsync().AsTask().WaitAsync(Soon);
            foreach (ReadOnlyMemory<byte> block in result.Buffer)
            {
                block.Span.SequenceEqual(s_bytes.AsSpan(position, block.Length)).ShouldBeTrue();
                position += block.Length;
            }

            reader.AdvanceTo(result.Buffer.End);
        }

        await writing;
        await writer.CompleteAsync();
        (await reader.ReadAsync().AsTask().WaitAsync(Soon)).IsCompleted.ShouldBeTrue("the server has closed the connection");
        await reader.CompleteAsync();
        await Runtime.CallMethodAsync(connection, "close");
    }

    [ConformanceFact]
    public virtual async Task A_read_that_is_cancelled_at_any_time_loses_no_byte()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            def reader():
                return asyncio.StreamReader()
            """);
        using PyObject reader = await Runtime.InvokeAsync(() => module.CallMethod("reader"));
        await using Stream stream = Runtime.IntoStream(reader, null);
        byte[] block = new byte[10];
        byte expected = 0;
        for (int i = 0; i < times; i++)
        {
            using var cts = new CancellationTokenSource();
            Task<int> reading = stream.ReadAsync(block, cts.Token).AsTask();
            byte sent = (byte)i;
            Task feeding = Runtime.InvokeAsync(() => reader.CallMethod("feed_data", [new[] { sent }]).Dispose());
            Task cancelling = Task.Run(cts.Cancel);
            int count = 0;
            try
            {
                count = await reading.WaitAsync(Soon);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == cts.Token)
            {
                // The byte is still there.
            }

            await Task.WhenAll(feeding, cancelling);
            for (int k = 0; k < count; k++)
            {
                block[k].ShouldBe(expected++);
            }
        }

        await Runtime.InvokeAsync(() => reader.CallMethod("feed_eof").Dispose());
        while (await stream.ReadAsync(block).AsTask().WaitAsync(Soon) is > 0 and var rest)
        {
            for (int k = 0; k < rest; k++)
            {
                block[k].ShouldBe(expected++);
            }
        }

        expected.ShouldBe((byte)times);
    }

    [ConformanceFact]
    public virtual async Task A_connection_that_breaks_fails_reads_and_writes()
    {
        using PyObject module = Python(Connections + """

            async def open_broken():
                async def serve(reader, writer):
                    writer.write(b"12345")
                    await writer.drain()
                    await reader.read(1)
                    writer.transport.abort()

                return await Connection().open(serve)

            def fail(reader):
                reader.set_exception(ConnectionResetError("broken"))
            """);
        using PyObject connection = await Runtime.CallMethodAsync(module, "open_broken");
        using PyObject reader = connection.GetAttr("reader");
        await using Stream stream = Runtime.IntoStream(reader, connection.GetAttr("writer"));
        byte[] block = new byte[10];
        await stream.ReadExactlyAsync(block.AsMemory(0, 5));
        await stream.WriteAsync(block.AsMemory(0, 1));

        await ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[100_000]).AsTask().WaitAsync(Soon);
            }
        });
        await Runtime.InvokeAsync(() => module.CallMethod("fail", [reader]).Dispose());
        (await ThrowsAsync<IOException>(stream.ReadAsync(block).AsTask())).InnerException.ShouldBeOfType<PythonException>();

        await stream.DisposeAsync();
        await Runtime.CallMethodAsync(connection, "close");
    }

    [ConformanceFact]
    public virtual async Task A_stream_whose_loop_ends_fails()
    {
        using PyObject module = Python("""
            def reader():
                return asyncio.StreamReader()
            """);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        using PyObject reader = await runtime.InvokeAsync(() => module.CallMethod("reader"));
        Stream stream = runtime.IntoStream(reader, null);
        byte[] block = new byte[10];
        Task<int> reading = stream.ReadAsync(block).AsTask();

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<IOException>(reading.WaitAsync(Soon));
        await ThrowsAsync<IOException>(stream.ReadAsync(block).AsTask());
        await stream.DisposeAsync();
        Should.Throw<ArgumentException>(() => Runtime.IntoStream(null, null));
    }

    [ConformanceFact]
    public virtual async Task A_writer_waits_while_Python_does_not_read()
    {
        using PyObject module = Python(Connections + """

            async def open_slow(may_read):
                async def serve(reader, writer):
                    await may_read()
                    count = 0
                    while data := await reader.read(100_000):
                        count += len(data)
                    self.received = count

                self = await Connection().open(serve)
                self.received = None
                return self
            """);
        var mayRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Function(async cancellationToken => await mayRead.Task.WaitAsync(cancellationToken));
        using PyObject connection = await Runtime.CallMethodAsync(module, "open_slow", [wait]);
        Stream stream = Runtime.IntoStream(null, connection.GetAttr("writer"));
        int written = 0;
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                await stream.WriteAsync(s_bytes.AsMemory(0, 100_000));
                Interlocked.Add(ref written, 100_000);
            }
        });

        // 100 MB do not fit into the buffers of the sockets.
        await EventuallyAsync(() => Runtime.InvokeAsync(() => connection.GetAttr("writer").GetAttr("transport").CallMethod<int>("get_write_buffer_size") > 65_536));
        writing.IsCompleted.ShouldBeFalse();
        Volatile.Read(ref written).ShouldBeLessThan(100_000_000);
        mayRead.SetResult();
        await writing.WaitAsync(Soon);
        await stream.DisposeAsync();
        await EventuallyAsync(() => Runtime.InvokeAsync(() => !connection.GetAttr("received").IsNone));
        connection.GetAttr("received").As<int>().ShouldBe(100_000_000);
        await Runtime.CallMethodAsync(connection, "close");
    }
}
