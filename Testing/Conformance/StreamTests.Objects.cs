using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Streams and queues whose items are Python objects, and buffers of them.
public abstract partial class StreamTests<TFixture>
{
    private const string Arrays = """
        arrays = [bytearray(1) for _ in range(20)]

        async def produce():
            for array in arrays:
                yield array

        async def fill():
            queue = asyncio.Queue()
            for array in arrays:
                await queue.put(array)
            return queue

        def resize():
            for array in arrays:
                array.append(1)
            return len(arrays[0])

        async def collect(items):
            return [item async for item in items]

        async def take(queue, n):
            return [await queue.get() for _ in range(n)]
        """;

    [ConformanceFact]
    public virtual async Task An_enumerator_may_dispose_the_objects_that_it_yields()
    {
        using PyObject module = Python(Arrays);
        foreach (int buffer in (int[])[1, 4, 128])
        {
            foreach (bool waits in (bool[])[false, true])
            {
                using PyObject items = Runtime.AsyncEnumerableIntoPy(Disposing(300, waits), PyConvert.PyObject, buffer);

                (await Runtime.CallMethodAsync<int[]>(module, "collect", [items]).WaitAsync(Soon)).ShouldBe(Enumerable.Range(1_000, 300));
            }
        }
    }

    [ConformanceFact]
    public virtual async Task An_object_may_be_disposed_when_it_was_written_into_a_queue()
    {
        using PyObject module = Python(Arrays);
        using PyObject queue = await Runtime.InvokeAsync(() => module.GetAttr("asyncio").CallMethod("Queue", [2]));
        PythonQueueWriter<PyObject> writer = Runtime.IntoChannelWriter(queue, PyConvert.PyObject, buffer: 4);
        Task<int[]> taking = Runtime.CallMethodAsync<int[]>(module, "take", [queue, 100]);
        for (int i = 0; i < 100; i++)
        {
            using PyObject item = PyObject.From(1_000 + i);
            while (!writer.TryWrite(item))
            {
                (await writer.WaitToWriteAsync().AsTask().WaitAsync(Soon)).ShouldBeTrue();
            }
        }

        (await taking.WaitAsync(Soon)).ShouldBe(Enumerable.Range(1_000, 100));
        PyObject disposed = PyObject.From(1_000);
        disposed.Dispose();
        Should.Throw<ObjectDisposedException>(() => writer.TryWrite(disposed));
    }

    [ConformanceFact]
    public virtual async Task Buffers_that_a_reader_has_not_read_are_released_when_it_stops()
    {
        using PyObject module = Python(Arrays);
        await foreach (PyBuffer<byte> first in Runtime.IntoAsyncEnumerable(() => module.CallMethod("produce"), PyConvert.Buffer<byte>()))
        {
            first.Dispose();
            break;
        }

        (await Runtime.InvokeAsync(() => module.CallMethod<int>("resize"))).ShouldBe(2);

        using PyObject queue = await Runtime.CallMethodAsync(module, "fill");
        PythonQueueReader<PyBuffer<byte>> reader = Runtime.IntoChannelReader(queue, PyConvert.Buffer<byte>());
        (await reader.ReadAsync().AsTask().WaitAsync(Soon)).Dispose();
        await reader.DisposeAsync();

        (await Runtime.InvokeAsync(() => module.CallMethod<int>("resize"))).ShouldBe(3);
    }

    private static async IAsyncEnumerable<PyObject> Disposing(int count, bool waits)
    {
        for (int i = 0; i < count; i++)
        {
            if (waits && i % 3 == 0)
            {
                await Task.Yield();
            }

            using PyObject item = PyObject.From(1_000 + i);
            yield return item;
        }
    }
}
