using System.Threading.Channels;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// .NET's channels as queues, and the queue type for Pythons whose queues have no shutdown().
public abstract partial class FlowTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Python_reads_and_writes_a_channel_as_a_queue()
    {
        using PyObject module = Python("""
            import pyasync

            async def use(queue):
                await queue.put(1)
                queue.put_nowait(2)
                try:
                    queue.put_nowait(3)
                    return "no room was left"
                except asyncio.QueueFull:
                    pass
                seen = [queue.qsize(), queue.empty(), await queue.get(), queue.get_nowait(), queue.empty()]
                try:
                    queue.get_nowait()
                    return "it was empty"
                except asyncio.QueueEmpty:
                    pass
                getting = asyncio.ensure_future(queue.get())
                await asyncio.sleep(0)
                await queue.put(4)
                seen.append(await getting)
                await queue.put(5)
                queue.shutdown()
                seen += [item async for item in queue]
                for use in queue.get, queue.put_nowait, queue.get_nowait, queue.put:
                    try:
                        result = use() if "get" in use.__name__ else use(6)
                        if asyncio.iscoroutine(result):
                            await result
                        return "it was shut down"
                    except pyasync.QueueShutDown:
                        pass
                return repr(seen)
            """);
        Channel<int> channel = Channel.CreateBounded<int>(2);
        using PyObject queue = Runtime.ChannelIntoPy(channel);

        (await Runtime.CallMethodAsync<string>(module, "use", [queue])).ShouldBe("[2, False, 1, 2, True, 4, 5]");
        channel.Reader.Completion.IsCompleted.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_full_channel_holds_up_Python_and_an_empty_one_too()
    {
        const int Count = 500;
        using PyObject module = Python("""
            async def write(queue, n):
                for i in range(n):
                    await queue.put(i)
                queue.shutdown()

            async def read(queue):
                return [item async for item in queue]
            """);
        Channel<int> channel = Channel.CreateBounded<int>(3);
        using PyObject writer = Runtime.ChannelWriterIntoPy(channel.Writer);
        Task writing = Runtime.CallMethodAsync(module, "write", [writer, Count]);
        (await ReadAll(channel.Reader)).ShouldBe(Enumerable.Range(0, Count));
        await writing.WaitAsync(Soon);

        Channel<int> second = Channel.CreateBounded<int>(3);
        using PyObject reader = Runtime.ChannelReaderIntoPy(second.Reader);
        Task<int[]> reading = Runtime.CallMethodAsync<int[]>(module, "read", [reader]);
        for (int i = 0; i < Count; i++)
        {
            await second.Writer.WriteAsync(i);
        }

        second.Writer.Complete();
        (await reading.WaitAsync(Soon)).ShouldBe(Enumerable.Range(0, Count));
    }

    [ConformanceFact]
    public virtual async Task A_get_that_Python_cancels_at_any_time_loses_no_item()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            async def read(queue, write, n):
                seen = []
                for i in range(n):
                    getting = asyncio.ensure_future(queue.get())
                    await asyncio.sleep(0)
                    write(i)
                    for _ in range(i % 5):
                        await asyncio.sleep(0)
                    getting.cancel()
                    try:
                        seen.append(await getting)
                    except asyncio.CancelledError:
                        pass
                while len(seen) < n:
                    seen.append(await queue.get())
                return sorted(seen) == list(range(n))
            """);
        Channel<int> channel = Channel.CreateUnbounded<int>();
        using PyObject queue = Runtime.ChannelReaderIntoPy(channel.Reader);
        PyObject write = Own(PyFunction.Create("write", arguments =>
        {
            int item = arguments.Get<int>(0);
            ThreadPool.UnsafeQueueUserWorkItem(item => channel.Writer.TryWrite(item).ShouldBeTrue(), item, preferLocal: true);
            return null;
        }));

        (await Runtime.CallMethodAsync<bool>(module, "read", [queue, write, times]).WaitAsync(Soon)).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task The_error_of_a_channel_reaches_Python_behind_its_items()
    {
        using PyObject module = Python("""
            async def read(queue):
                seen = []
                try:
                    while True:
                        seen.append(await queue.get())
                except ValueError as e:
                    return seen, str(e)
            """);
        Channel<int> channel = Channel.CreateUnbounded<int>();
        channel.Writer.TryWrite(1).ShouldBeTrue();
        channel.Writer.Complete(new ArgumentException("broken"));
        using PyObject queue = Runtime.ChannelReaderIntoPy(channel.Reader);

        (int[] seen, string error) = await Runtime.CallMethodAsync<(int[], string)>(module, "read", [queue]);

        seen.ShouldBe([1]);
        error.ShouldBe("broken");
    }

    [ConformanceFact]
    public virtual async Task Python_workers_of_a_channel_mark_their_items_as_done()
    {
        using PyObject module = Python("""
            async def work(queue, n):
                done = []

                async def worker():
                    while True:
                        item = await queue.get()
                        await asyncio.sleep(0)
                        done.append(item)
                        queue.task_done()

                workers = [asyncio.create_task(worker()) for _ in range(3)]
                await queue.join()
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
                try:
                    queue.task_done()
                except ValueError as e:
                    return sorted(done) == list(range(n)), queue.empty(), str(e)
            """);
        Channel<int> channel = Channel.CreateUnbounded<int>();
        for (int i = 0; i < 100; i++)
        {
            channel.Writer.TryWrite(i).ShouldBeTrue();
        }

        using PyObject queue = Runtime.ChannelIntoPy(channel);
        using PyObject result = await Runtime.CallMethodAsync(module, "work", [queue, 100]).WaitAsync(Soon);
        result.Repr().ShouldBe("(True, True, 'task_done() called too many times')");
    }

    [ConformanceFact]
    public virtual async Task A_channel_that_is_shut_down_at_once_has_no_items()
    {
        using PyObject module = Python("""
            import pyasync

            async def shut_down(queue, writer):
                full = [queue.full()]
                for i in range(2):
                    queue.put_nowait(i)
                full += [queue.full(), writer.full()]
                joining = asyncio.ensure_future(queue.join())
                await asyncio.sleep(0)
                try:
                    writer.shutdown(immediate=True)
                except NotImplementedError:
                    full.append("refused")
                queue.shutdown(immediate=True)
                await joining
                try:
                    await queue.get()
                except pyasync.QueueShutDown:
                    return full, queue.full(), queue.empty()
            """);
        Channel<int> channel = Channel.CreateBounded<int>(2);
        using PyObject queue = Runtime.ChannelIntoPy(channel), writer = Runtime.ChannelWriterIntoPy(channel.Writer);
        using PyObject result = await Runtime.CallMethodAsync(module, "shut_down", [queue, writer]).WaitAsync(Soon);
        result.Repr().ShouldBe("([False, True, True, 'refused'], False, True)");
        channel.Reader.Completion.IsCompleted.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task The_queue_type_can_be_shut_down_on_every_Python()
    {
        using PyObject module = Python("""
            import pyasync

            async def raises(awaitable):
                try:
                    await awaitable
                except pyasync.QueueShutDown:
                    return True
                return False

            async def use():
                full, empty = pyasync.Queue(1), pyasync.Queue()
                await full.put(1)
                putting, getting = asyncio.ensure_future(raises(full.put(2))), asyncio.ensure_future(raises(empty.get()))
                cancelled = asyncio.ensure_future(empty.get())
                await asyncio.sleep(0)
                cancelled.cancel()
                await asyncio.sleep(0)
                full.shutdown()
                empty.shutdown()
                result = [await putting, await getting, await full.get(), await raises(full.get()), await raises(empty.put(3))]
                now = pyasync.Queue()
                now.put_nowait(1)
                now.shutdown(immediate=True)
                await now.join()
                return result + [await raises(now.get()), isinstance(now, asyncio.Queue)]
            """);

        (await Runtime.CallMethodAsync(module, "use")).ToString().ShouldBe("[True, True, 1, True, True, True, True]");
    }
}
