using System.IO.Pipelines;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Flows that C# code stops: generators that resist, and items that were not read.
public abstract partial class FlowTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Disposing_a_generator_ends_it_although_it_swallows_the_cancellation()
    {
        using PyObject module = Python("""
            closed = 0

            async def stubborn():
                global closed
                try:
                    yield 1
                    while True:
                        try:
                            await asyncio.sleep(1000)
                        except asyncio.CancelledError:
                            yield 2
                finally:
                    await asyncio.sleep(0)
                    closed += 1
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("stubborn"));
            (await generator.MoveNextAsync()).ShouldBeTrue();
            Task<bool> step = generator.SendAsync(0);
            for (int turns = 0; turns < i % 3; turns++)
            {
                await Runtime.InvokeAsync(static () => { });
            }

            await generator.DisposeAsync().AsTask().WaitAsync(Soon);

            (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(i + 1);
            try
            {
                await step.WaitAsync(Soon);
                generator.Current.ShouldBe(2);
            }
            catch (OperationCanceledException)
            {
                // The step had not begun.
            }
        }
    }

    [ConformanceFact]
    public virtual async Task A_generator_whose_end_fails_fails_its_disposal()
    {
        using PyObject module = Python("""
            async def failing():
                try:
                    yield 1
                finally:
                    await asyncio.sleep(0)
                    raise ValueError("not committed")

            async def ignoring():
                try:
                    yield 1
                except GeneratorExit:
                    yield 2
            """);
        PythonGenerator<int, int> failing = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("failing"));
        (await failing.MoveNextAsync()).ShouldBeTrue();
        (await ThrowsAsync<PythonException>(failing.DisposeAsync().AsTask().WaitAsync(Soon))).Message.ShouldContain("not committed");
        await failing.DisposeAsync();

        PythonGenerator<int, int> ignoring = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("ignoring"));
        (await ignoring.MoveNextAsync()).ShouldBeTrue();
        (await ThrowsAsync<PythonException>(ignoring.DisposeAsync().AsTask().WaitAsync(Soon))).Message.ShouldContain("async generator ignored GeneratorExit");
    }

    [ConformanceFact]
    public virtual async Task A_source_that_is_no_async_generator_is_refused()
    {
        await using PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(static () => PyObject.From(new[] { 1 }));

        PythonException e = await ThrowsAsync<PythonException>(generator.MoveNextAsync().AsTask().WaitAsync(Soon));

        e.TypeName.ShouldBe("builtins.TypeError");
        e.Message.ShouldContain("'list' object is not an async generator");
        (await generator.MoveNextAsync()).ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task The_reading_of_a_generator_is_disposed_twice()
    {
        using PyObject module = Python(Reading);
        foreach (int steps in (int[])[0, 1])
        {
            IAsyncEnumerator<int> reading = Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("numbers", [10])).GetAsyncEnumerator();
            for (int i = 0; i < steps; i++)
            {
                (await reading.MoveNextAsync()).ShouldBeTrue();
            }

            await reading.DisposeAsync();
            await reading.DisposeAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task Each_item_that_a_reader_returns_wakes_a_reader_in_Python()
    {
        using PyObject module = Python("""
            async def compete(queue, readers, ready):
                getting = [asyncio.create_task(queue.get()) for _ in range(readers)]
                await asyncio.sleep(0)
                ready()
                return sorted([await each for each in getting])

            async def fill(queue, items):
                for item in items:
                    await queue.put(item)
            """);
        using PyObject queue = await Runtime.InvokeAsync(() => Python("def make(): return asyncio.Queue()").CallMethod("make"));
        await Runtime.CallMethodAsync(module, "fill", [queue, Enumerable.Range(0, 6).ToArray()]);
        PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue, buffer: 6);
        (await reader.ReadAsync()).ShouldBe(0);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject ready = Own(PyFunction.Create("ready", () => waiting.TrySetResult()));
        Task<int[]> competing = Runtime.CallMethodAsync<int[]>(module, "compete", [queue, 5, ready]);
        await waiting.Task.WaitAsync(Soon);

        await reader.DisposeAsync();

        (await competing.WaitAsync(Soon)).ShouldBe([1, 2, 3, 4, 5]);
    }

    [ConformanceFact]
    public virtual async Task An_item_is_read_or_returned_when_a_reader_stops_during_a_read()
    {
        using PyObject module = Python(Queues);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
            await Runtime.CallMethodAsync(module, "fill", [queue, Enumerable.Range(0, 16).ToArray()]);
            PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue);
            (await reader.WaitToReadAsync()).ShouldBeTrue();
            List<int> seen = [];
            Task reading = Task.Run(() =>
            {
                while (reader.TryRead(out int item))
                {
                    seen.Add(item);
                }
            });

            await reader.DisposeAsync();

            await reading;
            seen.AddRange(await Runtime.CallMethodAsync<int[]>(module, "left", [queue]));
            seen.ShouldBe(Enumerable.Range(0, 16));
        }
    }

    [ConformanceFact]
    public virtual async Task A_writer_that_another_thread_closes_closes_its_pipe_on_the_loop_or_after_its_end()
    {
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        Pipe during = new(), after = new();
        using PyObject duringWriter = await runtime.InvokeAsync(() => runtime.PipeWriterIntoPy(during.Writer));
        using PyObject afterWriter = await runtime.InvokeAsync(() => runtime.PipeWriterIntoPy(after.Writer));

        duringWriter.CallMethod("close").Dispose();

        (await during.Reader.ReadAsync().AsTask().WaitAsync(Soon)).IsCompleted.ShouldBeTrue();
        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);
        afterWriter.CallMethod("close").Dispose();
        (await after.Reader.ReadAsync().AsTask().WaitAsync(Soon)).IsCompleted.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_write_that_is_cancelled_at_any_time_is_written_once()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            class Writer:
                def __init__(self):
                    self.data = bytearray()

                def write(self, data):
                    self.data += data

                async def drain(self):
                    for _ in range(len(self.data) % 4):
                        await asyncio.sleep(0)

                def close(self):
                    pass

                async def wait_closed(self):
                    pass
            """);
        using PyObject written = await Runtime.InvokeAsync(() => module.CallMethod("Writer"));
        PipeWriter writer = Runtime.IntoPipeWriter(written);
        for (int i = 0; i < times; i++)
        {
            using var cts = new CancellationTokenSource();
            writer.GetSpan(1)[0] = (byte)i;
            writer.Advance(1);
            Task flushing = writer.FlushAsync(cts.Token).AsTask();
            for (int turns = 0; turns < i % 5; turns++)
            {
                await Runtime.InvokeAsync(static () => { });
            }

            await cts.CancelAsync();
            try
            {
                await flushing.WaitAsync(Soon);
            }
            catch (OperationCanceledException)
            {
                // The next flush writes the byte, unless Python has it.
            }
        }

        await writer.CompleteAsync().AsTask().WaitAsync(Soon);

        (await Runtime.InvokeAsync(() => written.GetAttr<byte[]>("data"))).ShouldBe([.. Enumerable.Range(0, times).Select(static i => (byte)i)]);
    }
}
