using System.Buffers;
using System.IO.Pipelines;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// .NET's streams and pipes as those of asyncio.
public abstract partial class FlowTests<TFixture>
{
    private const string UseOfStreams = """
        import gc

        async def echo_lines(streams):
            reader, writer = streams
            while line := await reader.readline():
                writer.write(line)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def read_all(reader):
            return await reader.read()

        async def write_all(writer, data, times):
            for _ in range(times):
                writer.write(data)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def outcome(awaitable):
            try:
                return await awaitable
            except OSError as e:
                return f"OSError: {e}"
            except asyncio.IncompleteReadError as e:
                return f"IncompleteReadError: {len(e.partial)} of {e.expected}"

        async def read_exactly(reader, n):
            return await outcome(reader.readexactly(n))

        async def write_to_closed(writer):
            async def write():
                while True:
                    writer.write(b"12345")
                    await writer.drain()

            try:
                return await outcome(write())
            finally:
                writer.close()
                await outcome(writer.wait_closed())
        """;

    [ConformanceFact]
    public virtual async Task Python_reads_and_writes_a_pipe_in_both_directions()
    {
        using PyObject module = Python(UseOfStreams);
        Pipe toPython = new(), fromPython = new();
        using PyObject streams = await Runtime.InvokeAsync(() => Runtime.DuplexPipeIntoPy(new DuplexPipe(toPython.Reader, fromPython.Writer)));
        Task echo = Runtime.CallMethodAsync(module, "echo_lines", [streams]);
        for (int i = 0; i < 100; i++)
        {
            byte[] line = System.Text.Encoding.UTF8.GetBytes($"line {i}\n");
            await toPython.Writer.WriteAsync(line);
            ReadResult result = await fromPython.Reader.ReadAtLeastAsync(line.Length).AsTask().WaitAsync(Soon);
            result.Buffer.ToArray().ShouldBe(line);
            fromPython.Reader.AdvanceTo(result.Buffer.End);
        }

        await toPython.Writer.CompleteAsync();
        (await fromPython.Reader.ReadAsync().AsTask().WaitAsync(Soon)).IsCompleted.ShouldBeTrue("Python has closed its writer");
        await echo.WaitAsync(Soon);
        await fromPython.Reader.CompleteAsync();
    }

    [ConformanceFact]
    public virtual async Task Python_ends_its_writing_to_a_pipe_and_reads_the_answer()
    {
        using PyObject module = Python("""
            async def ask(streams):
                reader, writer = streams
                writer.write(b"question")
                if writer.can_write_eof():
                    writer.write_eof()
                    writer.write_eof()
                    answer = await reader.read()
                else:
                    answer = b"no"
                writer.close()
                await writer.wait_closed()
                return answer
            """);
        Pipe toPython = new(), fromPython = new();
        using PyObject streams = await Runtime.InvokeAsync(() => Runtime.DuplexPipeIntoPy(new DuplexPipe(toPython.Reader, fromPython.Writer)));
        Task<byte[]> asking = Runtime.CallMethodAsync<byte[]>(module, "ask", [streams]);
        using var question = new MemoryStream();
        await fromPython.Reader.CopyToAsync(question).WaitAsync(Soon);
        question.ToArray().ShouldBe("question"u8.ToArray());

        await toPython.Writer.WriteAsync("answer"u8.ToArray());
        await toPython.Writer.CompleteAsync();

        (await asking.WaitAsync(Soon)).ShouldBe("answer"u8.ToArray());
        using PyObject stream = await Runtime.InvokeAsync(() => Runtime.StreamIntoPy(new MemoryStream()));
        (await Runtime.CallMethodAsync<byte[]>(module, "ask", [stream]).WaitAsync(Soon)).ShouldBe("no"u8.ToArray());
    }

    [ConformanceFact]
    public virtual async Task Bytes_of_pipes_arrive_whole_with_back_pressure()
    {
        using PyObject module = Python(UseOfStreams);
        Pipe toPython = new(), fromPython = new();
        using PyObject reader = Runtime.PipeReaderIntoPy(toPython.Reader);
        Task<byte[]> reading = Runtime.CallMethodAsync<byte[]>(module, "read_all", [reader]);
        await toPython.Writer.WriteAsync(s_bytes);
        await toPython.Writer.CompleteAsync();
        (await reading.WaitAsync(Soon)).AsSpan().SequenceEqual(s_bytes).ShouldBeTrue();

        using PyObject writer = Runtime.PipeWriterIntoPy(fromPython.Writer);
        Task writing = Runtime.CallMethodAsync(module, "write_all", [writer, PyArgument.Of(s_bytes[..100_000], PyConvert.Bytes), 50]);

        // Python waits: the pipe holds 64 KiB, and so does the transport.
        await EventuallyAsync(() => Runtime.InvokeAsync(() => writer.GetAttr("transport").CallMethod<int>("get_write_buffer_size") > 65_536));
        writing.IsCompleted.ShouldBeFalse();
        int count = 0;
        while (true)
        {
            ReadResult result = await fromPython.Reader.ReadAsync().AsTask().WaitAsync(Soon);
            count += (int)result.Buffer.Length;
            fromPython.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        count.ShouldBe(5_000_000);
        await writing.WaitAsync(Soon);
        await fromPython.Reader.CompleteAsync();
    }

    [ConformanceFact]
    public virtual async Task A_reader_in_Python_that_does_not_read_holds_up_the_pipe()
    {
        using PyObject module = Python(UseOfStreams);
        Pipe pipe = new();
        using PyObject reader = Runtime.PipeReaderIntoPy(pipe.Reader);
        int written = 0;
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await pipe.Writer.WriteAsync(s_bytes.AsMemory(0, 10_000));
                Interlocked.Add(ref written, 10_000);
            }

            await pipe.Writer.CompleteAsync();
        });
        await EventuallyAsync(() => Runtime.InvokeAsync(() => reader.GetAttr("_paused").As<bool>()));
        writing.IsCompleted.ShouldBeFalse();
        Volatile.Read(ref written).ShouldBeLessThan(500_000);

        (await Runtime.CallMethodAsync<byte[]>(module, "read_all", [reader])).Length.ShouldBe(2_000_000);
        await writing.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task A_stream_that_ends_in_the_middle_raises()
    {
        using PyObject module = Python(UseOfStreams);
        Pipe pipe = new();
        using (PyObject reader = Runtime.PipeReaderIntoPy(pipe.Reader))
        {
            await pipe.Writer.WriteAsync(s_bytes.AsMemory(0, 7));
            await pipe.Writer.CompleteAsync();
            (await Runtime.CallMethodAsync<string>(module, "read_exactly", [reader, 10]).WaitAsync(Soon)).ShouldBe("IncompleteReadError: 7 of 10");
        }

        pipe = new Pipe();
        using (PyObject reader = Runtime.PipeReaderIntoPy(pipe.Reader))
        {
            await pipe.Writer.CompleteAsync(new IOException("broken"));
            (await Runtime.CallMethodAsync<string>(module, "read_exactly", [reader, 10]).WaitAsync(Soon)).ShouldBe("OSError: broken");
        }

        using PyObject streams = await Runtime.InvokeAsync(() => Runtime.StreamIntoPy(new BrokenStream()));
        using PyObject writer = streams[1];
        streams[0].IsNone.ShouldBeTrue("it cannot be read");
        (await Runtime.CallMethodAsync<string>(module, "write_to_closed", [writer]).WaitAsync(Soon)).ShouldStartWith("OSError: ");
        Should.Throw<ArgumentException>(() => Runtime.StreamIntoPy(ClosedStream()));
    }

    [ConformanceFact]
    public virtual async Task A_reader_that_Python_drops_completes_the_pipe()
    {
        using PyObject module = Python("""
            import gc

            async def drop(make, n):
                reader = make()
                data = await reader.readexactly(n)
                del reader
                gc.collect()
                return len(data)
            """);
        for (int i = 0; i < Repetitions.Of(100); i++)
        {
            Pipe pipe = new();
            using PyObject make = PyFunction.Create("make", _ => Runtime.PipeReaderIntoPy(pipe.Reader));
            await pipe.Writer.WriteAsync(s_bytes.AsMemory(0, 10));
            (await Runtime.CallMethodAsync<int>(module, "drop", [make, 10])).ShouldBe(10);

            await EventuallyAsync(async () => (await pipe.Writer.FlushAsync()).IsCompleted);
        }
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_loop_closes_a_stream_that_Python_has_open()
    {
        using PyObject module = Python(UseOfStreams);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        Pipe toPython = new(), fromPython = new();
        PyObject streams = await runtime.InvokeAsync(() => runtime.DuplexPipeIntoPy(new DuplexPipe(toPython.Reader, fromPython.Writer)));
        Task echo = runtime.CallMethodAsync(module, "echo_lines", [streams]);
        await toPython.Writer.WriteAsync("a\n"u8.ToArray());
        (await fromPython.Reader.ReadAtLeastAsync(2).AsTask().WaitAsync(Soon)).Buffer.Length.ShouldBe(2);
        fromPython.Reader.AdvanceTo(default);

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(echo.WaitAsync(Soon));
        await EventuallyAsync(async () => (await toPython.Writer.WriteAsync(new byte[1])).IsCompleted);
        streams.Dispose();
    }

    private static MemoryStream ClosedStream()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        return stream;
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>A stream that can be written, and fails then.</summary>
    private sealed class BrokenStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("broken");
    }
}
