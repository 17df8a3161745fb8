using System.Threading.Channels;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Python's queues as channels.
public abstract partial class FlowTests<TFixture>
{
    private const string Queues = """
        import pyasync

        produced = joined = 0

        def plain(maxsize=0):
            return asyncio.Queue(maxsize)

        def with_end(maxsize=0):
            return pyasync.Queue(maxsize)

        async def produce(queue, n):
            global produced, joined
            for i in range(n):
                await queue.put(i)
                produced += 1
            if hasattr(queue, "shutdown"):
                queue.shutdown()
            else:
                await queue.put(pyasync.QueueShutDown)
            await queue.join()
            joined += 1

        async def fill(queue, items):
            for item in items:
                await queue.put(item)

        async def drain(queue):
            seen = []
            while True:
                try:
                    item = await queue.get()
                except pyasync.QueueShutDown:
                    return seen
                if item is pyasync.QueueShutDown:
                    return seen
                seen.append(item)

        def left(queue):
            return [queue.get_nowait() for _ in range(queue.qsize())]
        """;

    [ConformanceFact]
    public virtual async Task A_queue_is_read_up_to_its_end()
    {
        using PyObject module = Python(Queues);
        foreach (string kind in (string[])["plain", "with_end"])
        {
            foreach (int buffer in (int[])[1, 16])
            {
                using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod(kind, [3]));
                Task producing = Runtime.CallMethodAsync(module, "produce", [queue, 100]);
                await using PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue, buffer);

                (await ReadAll(reader)).ShouldBe(Enumerable.Range(0, 100), kind);

                await reader.Completion.WaitAsync(Soon);
                await producing.WaitAsync(Soon);
                (await reader.WaitToReadAsync()).ShouldBeFalse();
                await ThrowsAsync<ChannelClosedException>(reader.ReadAsync().AsTask());

                // The end is there for the queue's other readers too.
                (await ReadAll(Runtime.IntoChannelReader<int>(queue))).ShouldBeEmpty();
            }
        }

        (await Runtime.InvokeAsync(() => module.GetAttr("joined").As<int>())).ShouldBe(4, "task_done() was called for each item");
    }

    [ConformanceFact]
    public virtual async Task The_class_that_ends_a_queue_is_no_unfinished_task_after_its_readers()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
        await Runtime.InvokeAsync(() => queue.CallMethod("put_nowait", [1]).Dispose());
        await Runtime.InvokeAsync(() => queue.CallMethod("put_nowait", [module.GetAttr("pyasync").GetAttr("QueueShutDown")]).Dispose());
        PythonQueueReader<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Runtime.IntoChannelReader<int>(queue))];
        Task joining = Runtime.CallMethodAsync(queue, "join");

        (await readers[0].ReadAsync()).ShouldBe(1);
        (await readers[1].WaitToReadAsync().AsTask().WaitAsync(Soon)).ShouldBeFalse();
        joining.IsCompleted.ShouldBeFalse("the first reader may still work on its item");
        foreach (PythonQueueReader<int> reader in readers)
        {
            (await reader.WaitToReadAsync().AsTask().WaitAsync(Soon)).ShouldBeFalse();
        }

        await joining.WaitAsync(Soon);
        await Runtime.CallMethodAsync(queue, "join").WaitAsync(Soon);
        foreach (PythonQueueReader<int> reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task A_reader_takes_no_more_from_a_queue_than_its_buffer_holds()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain", [2]));
        Task producing = Runtime.CallMethodAsync(module, "produce", [queue, 60]);
        PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue, buffer: 4);
        for (int taken = 0; taken < 60; taken++)
        {
            (await Runtime.InvokeAsync(() => module.GetAttr("produced").As<int>())).ShouldBeLessThanOrEqualTo(taken + 4 + 2);
            (await reader.ReadAsync()).ShouldBe(taken);
        }

        (await ReadAll(reader)).ShouldBeEmpty();
        await producing.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task A_reader_that_stops_returns_the_items_that_it_has_not_read()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
        await Runtime.CallMethodAsync(module, "fill", [queue, Enumerable.Range(0, 20).ToArray()]);
        PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue, buffer: 8);
        for (int i = 0; i < 3; i++)
        {
            (await reader.ReadAsync()).ShouldBe(i);
        }

        await reader.DisposeAsync();

        (await Runtime.CallMethodAsync<int[]>(module, "left", [queue])).ShouldBe(Enumerable.Range(3, 17));
        reader.TryRead(out _).ShouldBeFalse();
        (await reader.WaitToReadAsync()).ShouldBeFalse();
        await reader.Completion.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Disposing_a_reader_ends_its_wait()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue);
            Task<bool> waiting = reader.WaitToReadAsync().AsTask();
            await reader.DisposeAsync();
            (await waiting.WaitAsync(Soon)).ShouldBeFalse();
        }

        await Runtime.CallMethodAsync(module, "fill", [queue, new[] { 1, 2 }]);
        (await Runtime.CallMethodAsync<int[]>(module, "left", [queue])).ShouldBe([1, 2], "no reader has taken one");
    }

    [ConformanceFact]
    public virtual async Task A_wait_for_an_item_that_is_cancelled_at_any_time_loses_none()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
        PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue, buffer: 2);
        int expected = 0;
        for (int i = 0; i < times; i++)
        {
            using var cts = new CancellationTokenSource();
            Task<bool> waiting = reader.WaitToReadAsync(cts.Token).AsTask();
            Task filling = Runtime.CallMethodAsync(module, "fill", [queue, new[] { i }]);
            Task cancelling = Task.Run(cts.Cancel);
            try
            {
                await waiting.WaitAsync(Soon);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == cts.Token)
            {
                // The item stays in the queue, or is the next to read.
            }

            await Task.WhenAll(filling, cancelling);
            while (reader.TryRead(out int item))
            {
                item.ShouldBe(expected++);
            }
        }

        while (expected < times)
        {
            (await reader.ReadAsync().AsTask().WaitAsync(Soon)).ShouldBe(expected++);
        }
    }

    [ConformanceFact]
    public virtual async Task An_item_of_a_queue_that_does_not_convert_fails_one_read()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain"));
        await Runtime.CallMethodAsync(module, "fill", [queue, new object[] { 1, "two", 3 }]);
        await using PythonQueueReader<int> reader = Runtime.IntoChannelReader<int>(queue);

        (await reader.ReadAsync()).ShouldBe(1);
        InvalidCastException e = await ThrowsAsync<InvalidCastException>(reader.ReadAsync().AsTask());
        e.Message.ShouldBe("An item of the queue: a Python 'str' cannot be converted to System.Int32.");
        (await reader.ReadAsync()).ShouldBe(3);
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_loop_ends_the_channels_of_its_queues()
    {
        using PyObject module = Python(Queues);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        using PyObject queue = await runtime.InvokeAsync(() => module.CallMethod("plain", [1]));
        PythonQueueReader<int> reader = runtime.IntoChannelReader<int>(queue);
        using PyObject full = await runtime.InvokeAsync(() => module.CallMethod("plain", [1]));
        PythonQueueWriter<int> writer = runtime.IntoChannelWriter<int>(full);
        await writer.WriteAsync(1);
        Task<bool> reading = reader.WaitToReadAsync().AsTask();
        Task writing = writer.WriteAsync(2).AsTask();

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<Exception>(reading.WaitAsync(Soon));
        await ThrowsAsync<Exception>(reader.Completion.WaitAsync(Soon));
        await ThrowsAsync<ChannelClosedException>(writing.WaitAsync(Soon));
        await ThrowsAsync<ChannelClosedException>(writer.WriteAsync(3).AsTask().WaitAsync(Soon));
        await reader.DisposeAsync();
        Should.Throw<InvalidOperationException>(() => runtime.IntoChannelReader<int>(queue));
    }

    private static async Task<List<T>> ReadAll<T>(ChannelReader<T> reader)
    {
        List<T> items = [];
        await foreach (T item in reader.ReadAllAsync().WithCancellation(CancellationToken.None))
        {
            items.Add(item);
        }

        return items;
    }
}
