using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Streams in chunks that end early, and races at their ends.
public abstract partial class FlowTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Stopping_early_cancels_the_move_that_has_begun_ahead_of_Python()
    {
        using PyObject module = Python("""
            async def take(items, n):
                async for item in items:
                    n -= 1
                    if n == 0:
                        break
                await items.aclose()
                return item, [item async for item in items]
            """);
        for (int n = 1; n < 20; n++)
        {
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using PyObject items = Runtime.AsyncEnumerableIntoPy(ThenStuck(20, closed));

            (int last, int[] rest) = await Runtime.CallAsync<(int, int[])>(module.GetAttr("take"), [items, n]);

            last.ShouldBe(n - 1);
            rest.ShouldBeEmpty("the iteration has ended");
            closed.Task.IsCompleted.ShouldBeTrue("aclose() waits for it");
        }
    }

    [ConformanceFact]
    public virtual async Task A_reader_that_stops_within_a_chunk_closes_the_generator()
    {
        using PyObject module = Python("""
            closed = 0

            async def endless():
                global closed
                i = 0
                try:
                    while True:
                        yield i
                        i += 1
                finally:
                    await asyncio.sleep(0)
                    closed += 1
            """);
        for (int n = 0; n < 20; n++)
        {
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless")))
            {
                if (item == n)
                {
                    break;
                }
            }

            (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(n + 1);
        }
    }

    [ConformanceFact]
    public virtual async Task An_iterator_that_was_dropped_within_a_chunk_disposes_the_enumerator()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            async def drop(make, n):
                async for item in make():
                    n -= 1
                    if n == 0:
                        return
            """);
        int closed = 0;
        PyObject make = Own(PyFunction.Create("make", _ =>
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ended.Task.ContinueWith(_ => Interlocked.Increment(ref closed), TaskScheduler.Default);
            return Runtime.AsyncEnumerableIntoPy(ThenStuck(20, ended));
        }));

        for (int i = 0; i < times; i++)
        {
            await Runtime.CallAsync(module.GetAttr("drop"), [make, (i % 20) + 1]);
        }

        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref closed) == times));
    }

    [ConformanceFact]
    public virtual async Task No_item_and_no_end_is_lost_between_a_waiting_reader_and_a_generator()
    {
        using PyObject module = Python("""
            async def some(n, pause):
                for i in range(n):
                    if (i + pause) % 3 == 0:
                        await asyncio.sleep(0)
                    yield i

            async def collect(items):
                return [item async for item in items]
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            var seen = new List<int>();
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("some", [i % 24, i]), buffer: 1 + (i % 5)))
            {
                seen.Add(item);
                if (item % 7 == 0)
                {
                    await Task.Yield();
                }
            }

            seen.ShouldBe(Enumerable.Range(0, i % 24));
            using PyObject items = Runtime.AsyncEnumerableIntoPy(Some(i % 24, i), 1 + (i % 5));
            (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBe(Enumerable.Range(0, i % 24));
        }
    }

    [ConformanceFact]
    public virtual async Task A_token_that_fires_at_any_time_ends_the_reading_and_the_generator()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            closed = 0

            async def endless():
                global closed
                i = 0
                try:
                    while True:
                        yield i
                        i += 1
                        if i % 5 == 0:
                            await asyncio.sleep(0)
                finally:
                    closed += 1
            """);
        for (int i = 0; i < times; i++)
        {
            using var cts = new CancellationTokenSource();
            Task cancelling = Task.CompletedTask;
            int expected = 0;
            OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(async () =>
            {
                await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless"), buffer: 4).WithCancellation(cts.Token))
                {
                    item.ShouldBe(expected++);
                    if (item == i % 50)
                    {
                        cancelling = Task.Run(cts.Cancel);
                    }
                }
            });
            await cancelling;
            e.CancellationToken.ShouldBe(cts.Token);
        }

        (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(times);
    }

    [ConformanceFact]
    public virtual async Task A_generator_that_never_waits_leaves_turns_to_the_loop()
    {
        using PyObject module = Python("""
            ticks = 0

            async def tick():
                global ticks
                while True:
                    ticks += 1
                    await asyncio.sleep(0)

            async def numbers():
                ticking = asyncio.create_task(tick())
                first = ticks
                i = 0
                while ticks < first + 5:
                    yield i
                    i += 1
                ticking.cancel()
            """);
        int expected = 0;

        // Ends only if the loop has turns although the buffer has room.
        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("numbers"), buffer: int.MaxValue))
        {
            item.ShouldBe(expected++);
        }
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_runtime_ends_a_reading_in_the_middle()
    {
        using PyObject module = Python("""
            async def endless():
                while True:
                    yield 1
            """);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        await using IAsyncEnumerator<int> reading = runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless"), buffer: 8).GetAsyncEnumerator();
        (await reading.MoveNextAsync()).ShouldBeTrue();

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(async () =>
        {
            while (await reading.MoveNextAsync().AsTask().WaitAsync(Soon))
            {
                // The items that the buffer still holds.
            }
        });
        await ThrowsAsync<EventLoopClosedException>(async () =>
        {
            await foreach (int item in runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless")))
            {
                item.ShouldBe(0, "there is no loop");
            }
        });
    }

    private static async IAsyncEnumerable<int> ThenStuck(int count, TaskCompletionSource closed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 0; i < count; i++)
            {
                yield return i;
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            await Task.Yield();
            closed.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<int> Some(int count, int pause)
    {
        for (int i = 0; i < count; i++)
        {
            if ((i + pause) % 3 == 0)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }
}
