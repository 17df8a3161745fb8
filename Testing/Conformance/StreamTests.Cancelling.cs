using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Steps that Python cancels: nothing that the enumerator has yielded is lost.
public abstract partial class StreamTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Whenever_a_step_is_cancelled_its_item_is_not_lost()
    {
        using PyObject module = Python("""
            async def step(items):
                return await items.__anext__()

            async def read(items, n):
                seen = []
                i = 0
                while len(seen) < n:
                    i += 1
                    task = asyncio.ensure_future(step(items) if i % 2 else items.__anext__())
                    if i % 3:
                        for _ in range(i % 11):
                            await asyncio.sleep(0)
                        task.cancel()
                    try:
                        seen.append(await task)
                    except asyncio.CancelledError:
                        pass
                await items.aclose()
                return seen
            """);
        await ReadsEachItemOnce(module);
    }

    [ConformanceFact]
    public virtual async Task However_a_step_is_awaited_its_item_arrives_once()
    {
        using PyObject module = Python("""
            async def step(items):
                return await items.__anext__()

            async def several(items):
                # The first await takes an item that was missed, the second one the next item.
                return await asyncio.gather(step(items), later(items))

            async def later(items):
                for _ in range(50):
                    await asyncio.sleep(0)
                while True:
                    try:
                        return await items.__anext__()
                    except RuntimeError:  # The first is still waiting.
                        await asyncio.sleep(0)

            async def read(items, n):
                seen = []
                i = 0
                while len(seen) < n:
                    i += 1
                    how = i % 5
                    try:
                        if how == 0:
                            seen.append(await asyncio.wait_for(items.__anext__(), i % 7 / 10000))
                        elif how == 1:
                            task = asyncio.ensure_future(step(items))
                            for _ in range(i % 11):
                                await asyncio.sleep(0)
                            task.cancel()
                            seen.append(await task)
                        elif how == 2:
                            done = asyncio.ensure_future(items.__anext__())
                            await asyncio.wait([done])
                            seen.append(done.result())
                        elif how == 3:
                            # The caller holds the step, and retrieves its outcome after a cancelled await of it.
                            held = asyncio.ensure_future(items.__anext__())
                            async def wait(): await held
                            task = asyncio.ensure_future(wait())
                            for _ in range(i % 4):
                                await asyncio.sleep(0)
                            task.cancel()
                            await asyncio.wait([task, held])
                            seen.append(held.result())
                        else:
                            seen += await several(items)
                    except (asyncio.CancelledError, asyncio.TimeoutError):
                        pass
                await items.aclose()
                return seen[:n]
            """);
        await ReadsEachItemOnce(module);
    }

    [ConformanceFact]
    public virtual async Task Whichever_task_reads_a_stream_no_item_is_lost()
    {
        using PyObject module = Python("""
            async def read(items, seen):
                while True:
                    try:
                        seen.append(await items.__anext__())
                    except StopAsyncIteration:
                        return
                    except RuntimeError as e:
                        assert "already running" in str(e)
                        for _ in range(20):
                            await asyncio.sleep(0)

            async def read_together(items):
                seen = []
                await asyncio.gather(*(read(items, seen) for _ in range(2)))
                return sorted(seen)
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject items = Runtime.AsyncEnumerableIntoPy(Available(7)); // The last of them come in one step.
            (await Runtime.CallMethodAsync<int[]>(module, "read_together", [items]).WaitAsync(Soon)).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        }
    }

    [ConformanceFact]
    public virtual async Task An_error_that_a_cancelled_step_has_not_seen_arrives_at_the_next_one()
    {
        using PyObject module = Python("""
            async def step(items):
                return await items.__anext__()

            async def read(items):
                seen = []
                for turns in range(1000):
                    task = asyncio.ensure_future(step(items))
                    if turns < 5:
                        for _ in range(turns):
                            await asyncio.sleep(0)
                        task.cancel()
                    try:
                        seen.append(await task)
                    except asyncio.CancelledError:
                        pass
                    except (ValueError, StopAsyncIteration) as e:
                        seen.append(type(e).__name__)
                        if isinstance(e, StopAsyncIteration):
                            return seen
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject items = Runtime.AsyncEnumerableIntoPy(DeafAndFailing());
            using PyObject seen = await Runtime.CallMethodAsync(module, "read", [items]).WaitAsync(Soon);
            seen.Repr().ShouldBe("[0, 'ValueError', 'StopAsyncIteration']");
        }
    }

    [ConformanceFact]
    public virtual async Task An_enumerator_that_yields_once_more_after_its_cancellation_has_ended_then()
    {
        using PyObject module = Python("""
            async def step(items):
                return await items.__anext__()

            async def read(items):
                seen = [await anext(items)]
                task = asyncio.create_task(step(items))
                await asyncio.sleep(0)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return seen + [await anext(items), await anext(items, "the end")]
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject items = Runtime.AsyncEnumerableIntoPy(LateToEnd());
            using PyObject seen = await Runtime.CallMethodAsync(module, "read", [items]).WaitAsync(Soon);
            seen.Repr().ShouldBe("[0, 1, 'the end']");
        }
    }

    private static async IAsyncEnumerable<int> LateToEnd([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return 0;
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.UnsafeRegister(static fired => ((TaskCompletionSource)fired!).SetResult(), fired))
        {
            await fired.Task;
        }

        yield return 1;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private async Task ReadsEachItemOnce(PyObject module)
    {
        int times = Repetitions.Of(1_000);
        foreach (int buffer in (int[])[1, 8])
        {
            // The enumerator does not observe its token, so it continues.
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using PyObject items = Runtime.AsyncEnumerableIntoPy(Deaf(Task.CompletedTask, ended), buffer);

            (await Runtime.CallMethodAsync<int[]>(module, "read", [items, times]).WaitAsync(Soon)).ShouldBe(Enumerable.Range(0, times));
            await ended.Task.WaitAsync(Soon);
        }
    }

    private static async IAsyncEnumerable<int> DeafAndFailing()
    {
        await Task.Yield();
        yield return 0;
        await Task.Yield();
        throw new ArgumentException("the second item");
    }
}
