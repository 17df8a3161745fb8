using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Python streams whose end fails, or does not come when it is requested.
public abstract partial class StreamTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task The_exception_of_a_finally_block_reaches_the_reader_that_stops_early()
    {
        using PyObject module = Python("""
            async def endless(waits):
                i = 0
                try:
                    while True:
                        yield i
                        i += 1
                        if i > 3 and waits:
                            await asyncio.sleep(1000)
                finally:
                    await asyncio.sleep(0)
                    raise ValueError("the connection is lost")
            """);
        foreach (bool waits in (bool[])[false, true])
        {
            PythonException e = await ThrowsAsync<PythonException>(async () =>
            {
                await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless", [waits]), buffer: 4))
                {
                    if (item == 2)
                    {
                        break;
                    }
                }
            });
            e.TypeName.ShouldBe("builtins.ValueError");
            e.Message.ShouldContain("the connection is lost");

            // A second Dispose, as of any enumerator, does nothing.
            IAsyncEnumerator<int> reading = Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless", [waits])).GetAsyncEnumerator();
            (await reading.MoveNextAsync()).ShouldBeTrue();
            await ThrowsAsync<PythonException>(reading.DisposeAsync().AsTask());
            await reading.DisposeAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task An_exception_that_the_reader_has_seen_is_not_thrown_by_its_disposal()
    {
        using PyObject module = Python("""
            async def failing(closes):
                try:
                    yield 1
                    await asyncio.sleep(0)
                    raise ValueError("first")
                finally:
                    if closes:
                        raise KeyError("second")
            """);
        foreach (bool closes in (bool[])[false, true])
        {
            IAsyncEnumerator<int> reading = Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("failing", [closes])).GetAsyncEnumerator();
            (await reading.MoveNextAsync()).ShouldBeTrue();
            (await ThrowsAsync<PythonException>(reading.MoveNextAsync().AsTask())).TypeName.ShouldBe(closes ? "builtins.KeyError" : "builtins.ValueError");
            await reading.DisposeAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task A_generator_that_fails_ahead_of_a_reader_that_stops_is_reported()
    {
        ExpectedReports.Add("A Python generator failed ahead of a reader");
        using PyObject module = Python("""
            failed = False

            async def failing():
                global failed
                yield 1
                yield 2
                failed = True
                raise ValueError("ahead")
            """);
        IAsyncEnumerator<int> reading = Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("failing")).GetAsyncEnumerator();
        (await reading.MoveNextAsync()).ShouldBeTrue();
        await EventuallyAsync(() => Runtime.InvokeAsync(() => module.GetAttr("failed").As<bool>()));
        await Runtime.CallAsync(module.GetAttr("asyncio").GetAttr("sleep"), [0.01]); // The pump's end has reached C#.

        await reading.DisposeAsync();
    }

    [ConformanceFact]
    public virtual async Task Stopping_early_ends_a_generator_that_swallows_the_cancellation()
    {
        using PyObject module = Python("""
            closed = 0

            async def deaf():
                global closed
                i = 0
                try:
                    while True:
                        yield i
                        i += 1
                        try:
                            await asyncio.sleep(1000 if i > 3 else 0)
                        except asyncio.CancelledError:
                            pass
                finally:
                    closed += 1
            """);
        for (int i = 0; i < 20; i++)
        {
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("deaf"), buffer: 1 + (i % 5)))
            {
                if (item == i % 4)
                {
                    break;
                }
            }

            (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(i + 1);
        }
    }

    [ConformanceFact]
    public virtual async Task A_step_that_is_cancelled_before_it_runs_takes_no_item_that_is_available()
    {
        using PyObject module = Python("""
            async def read(items):
                seen, cancelled = [], 0
                while True:
                    step = items.__anext__()
                    if asyncio.iscoroutine(step):
                        task = asyncio.create_task(step)
                        task.cancel()
                        await asyncio.wait([task])
                        cancelled += task.cancelled()
                        step = items.__anext__()
                    try:
                        seen.append(await step)
                    except StopAsyncIteration:
                        return seen, cancelled
            """);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Available(50));

        (int[] seen, int cancelled) = await Runtime.CallAsync<(int[], int)>(module.GetAttr("read"), [items]);

        seen.ShouldBe(Enumerable.Range(0, 50));
        cancelled.ShouldBeGreaterThan(20);
    }
}
