using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Items and bytes that flow between Python and .NET: streams in chunks, queues, pipes, and generators that take values.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class FlowTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    private const string Reading = """
        async def collect(items):
            return [item async for item in items]

        async def numbers(n):
            for i in range(n):
                yield i
        """;

    private PythonEventLoop Loop => (PythonEventLoop)Runtime.GetCurrentLoop();

    [ConformanceFact]
    public virtual async Task Items_of_a_generator_cross_in_chunks()
    {
        const int Count = 10_000;
        using PyObject module = Python(Reading);
        var items = new List<int>();
        long before = Loop.Counters.WakeUps;

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("numbers", [Count])))
        {
            items.Add(item);
        }

        items.ShouldBe(Enumerable.Range(0, Count));
        (Loop.Counters.WakeUps - before).ShouldBeLessThan(Count / 4, "half of the buffer is free at each wake-up");
    }

    [ConformanceFact]
    public virtual async Task Items_of_a_dotnet_stream_cross_in_chunks()
    {
        const int Count = 10_000;
        using PyObject module = Python(Reading);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(AtOnce(Count));
        long before = Loop.Counters.WakeUps;

        (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBe(Enumerable.Range(0, Count));

        (Loop.Counters.WakeUps - before).ShouldBeLessThan(Count / 2);
    }

    [ConformanceFact]
    public virtual async Task The_enumerator_is_never_more_than_the_buffer_ahead_of_Python()
    {
        using PyObject module = Python("""
            async def most_ahead(items, produced):
                taken = most = 0
                async for item in items:
                    taken += 1
                    most = max(most, produced() - taken)
                return taken, most
            """);
        foreach (int buffer in (int[])[1, 2, 16])
        {
            int produced = 0;
            using PyObject count = PyFunction.Create("produced", _ => PyObject.From(Volatile.Read(ref produced)));
            using PyObject items = Runtime.AsyncEnumerableIntoPy(AtOnce(500, () => Interlocked.Increment(ref produced)), buffer);

            (int taken, int most) = await Runtime.CallAsync<(int, int)>(module.GetAttr("most_ahead"), [items, count]);

            taken.ShouldBe(500);
            most.ShouldBeLessThan(buffer, $"buffer {buffer}");
        }
    }

    [ConformanceFact]
    public virtual async Task A_generator_with_the_buffer_1_runs_in_lock_step()
    {
        using PyObject module = Python("""
            produced = 0

            async def gen():
                global produced
                while produced < 50:
                    produced += 1
                    yield produced
            """);
        int taken = 0;

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen"), buffer: 1))
        {
            taken++;
            (await Runtime.InvokeAsync(() => module.GetAttr("produced").As<int>())).ShouldBeLessThanOrEqualTo(taken + 1);
        }

        taken.ShouldBe(50);
    }

    [ConformanceFact]
    public virtual async Task An_item_does_not_wait_for_the_next_one()
    {
        // Bursts make the chunks grow; the last item of each must arrive before its producer, which waits for that, continues.
        using PyObject module = Python("""
            async def bursts(received):
                for size in range(1, 40):
                    for i in range(size):
                        yield size
                    await received()

            async def read(items, received):
                expected, left = 1, 1
                async for size in items:
                    assert size == expected, (size, expected)
                    left -= 1
                    if left == 0:
                        expected = left = size + 1
                        received()
                return expected
            """);
        using var arrived = new SemaphoreSlim(0);
        PyObject wait = Function(async cancellationToken => await arrived.WaitAsync(cancellationToken));
        int left = 1;
        await foreach (int size in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("bursts", [wait]), buffer: 1_000))
        {
            if (--left == 0)
            {
                left = size + 1;
                arrived.Release();
            }
        }

        PyObject release = Own(PyFunction.Create("received", () => arrived.Release()));
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Bursts(arrived), buffer: 1_000);
        (await Runtime.CallAsync<int>(module.GetAttr("read"), [items, release])).ShouldBe(40);
    }

    [ConformanceFact]
    public virtual async Task An_error_behind_a_burst_arrives_after_all_items_before_it()
    {
        using PyObject module = Python("""
            async def failing(n):
                for i in range(n):
                    yield i
                raise ValueError("behind")

            async def collect(items, seen):
                try:
                    async for item in items:
                        seen.append(item)
                except ValueError as e:
                    return str(e)
            """);
        for (int n = 0; n < 40; n++)
        {
            var seen = new List<int>();
            PythonException e = await ThrowsAsync<PythonException>(async () =>
            {
                await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("failing", [n])))
                {
                    seen.Add(item);
                }
            });
            e.Message.ShouldContain("behind");
            seen.ShouldBe(Enumerable.Range(0, n));

            using PyObject list = PyObject.From(new List<int>());
            using PyObject items = Runtime.AsyncEnumerableIntoPy(FailingBehind(n));
            (await Runtime.CallAsync<string>(module.GetAttr("collect"), [items, list])).ShouldBe("behind");
            list.As<int[]>().ShouldBe(Enumerable.Range(0, n));
        }
    }

    [ConformanceFact]
    public virtual async Task An_item_that_does_not_convert_ends_the_generator()
    {
        // With each number of items before it: it lies at the end of a chunk, inside one, and in one that the generator's wait ends.
        using PyObject module = Python("""
            closed = 0

            async def items(n, swallow):
                global closed
                try:
                    for i in range(n):
                        yield i
                    yield "two"
                    try:
                        await asyncio.sleep(1000)
                    except asyncio.CancelledError:
                        if not swallow:
                            raise
                    yield 3
                finally:
                    await asyncio.sleep(0)
                    closed += 1
            """);
        int readings = 0;
        foreach (bool swallow in (bool[])[false, true])
        {
            for (int n = 0; n < 20; n++)
            {
                var seen = new List<int>();
                InvalidCastException e = await ThrowsAsync<InvalidCastException>(async () =>
                {
                    await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("items", [n, swallow])))
                    {
                        seen.Add(item);
                    }
                });

                e.Message.ShouldStartWith($"Item {n} of the stream");
                seen.ShouldBe(Enumerable.Range(0, n));
                (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(++readings);
            }
        }
    }

    private static async IAsyncEnumerable<int> AtOnce(int count, Action? producing = null)
    {
        for (int i = 0; i < count; i++)
        {
            producing?.Invoke();
            yield return i;
        }

        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<int> FailingBehind(int count)
    {
        await foreach (int item in AtOnce(count))
        {
            yield return item;
        }

        throw new ArgumentException("behind");
    }

    private static async IAsyncEnumerable<int> Bursts(SemaphoreSlim received, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int size = 1; size < 40; size++)
        {
            for (int i = 0; i < size; i++)
            {
                yield return size;
            }

            await received.WaitAsync(cancellationToken);
        }
    }
}
