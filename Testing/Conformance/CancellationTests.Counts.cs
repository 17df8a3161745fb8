using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// The counts of cancellation requests, and the receiver of the cancellation, for work that ends on the test's signal.
public abstract partial class CancellationTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_cancelled_future_is_pending_until_the_work_ends_and_takes_its_result()
    {
        using PyObject module = Python("""
            async def run(start, fails):
                future, end = await start(fails)
                task = asyncio.create_task(wait(future))
                await asyncio.sleep(0)
                # A request on the future and not on the task: the task's count stays 0, so that the outcome is the work's.
                seen = [future.cancel(), future.cancel(), future.done(), future.cancelled()]
                for _ in range(5):
                    await asyncio.sleep(0)
                seen += [future.done(), task.done(), task.cancelling()]
                end()
                results = await asyncio.gather(future, task, return_exceptions=True)
                return f"{seen} {results[0]} {results[1]} {future.cancelled()} {future.cancel()}"

            async def wait(future):
                return await future
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Endable(), false])).ShouldBe("[True, False, False, False, False, False, 0] 7 7 False False");
        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Endable(), true])).ShouldBe("[True, False, False, False, False, False, 0] failed failed False False");
    }

    [ConformanceFact]
    public virtual async Task A_task_that_continues_after_its_cancellation_keeps_its_counts()
    {
        using PyObject module = Python("""
            async def continues(first, second):
                seen, task = [], asyncio.current_task()
                for future in first, second:
                    try:
                        seen.append(await future)
                    except asyncio.CancelledError:
                        seen += [task.cancelling(), task.uncancel()]
                return seen

            async def run(start, requests, fails):
                (first, end_first), (second, end_second) = await start(fails), await start(fails=False)
                task = asyncio.create_task(continues(first, second))
                await asyncio.sleep(0)
                accepted = [task.cancel() for _ in range(requests)]
                end_first()
                await asyncio.wait([first])
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                end_second()
                outcome = f"{all(accepted)} {await task} {task.cancelled()}"
                for future in first, second:
                    future.exception()  # Retrieved: the task did not get it.
                return outcome
            """);
        PyObject run = Own(module.GetAttr("run"));

        foreach (bool fails in (bool[])[false, true])
        {
            (await Runtime.CallAsync<string>(run, [Endable(), 1, fails])).ShouldBe("True [1, 0, 7] False");

            // At the second request, the task awaits work with a pending cancellation request: the task marks itself, once for both.
            (await Runtime.CallAsync<string>(run, [Endable(), 2, fails])).ShouldBe("True [2, 1, 7] False");
        }
    }

    [ConformanceFact]
    public virtual async Task Nested_timeouts_around_stubborn_work_expire_each_for_itself()
    {
        using PyObject module = Python("""
            async def run(start, outer_delay, inner_delay):
                seen = []
                future, end = await start(False)

                async def end_after(*timeouts):
                    while not any(timeout.expired() for timeout in timeouts):
                        await asyncio.sleep(0)
                    end()

                try:
                    async with asyncio.timeout(outer_delay) as outer:
                        try:
                            async with asyncio.timeout(inner_delay) as inner:
                                ending = asyncio.create_task(end_after(outer, inner))
                                await future
                                seen.append("lost")
                        except TimeoutError:
                            seen.append("inner")
                        await asyncio.sleep(0)
                except TimeoutError:
                    seen.append("outer")
                await ending
                return f"{seen} {outer.expired()} {inner.expired()} {asyncio.current_task().cancelling()} {await future}"
            """);
        PyObject run = Own(module.GetAttr("run"));

        (await Runtime.CallAsync<string>(run, [Endable(), 60, 0.001])).ShouldBe("['inner'] False True 0 7");
        (await Runtime.CallAsync<string>(run, [Endable(), 0.001, 60])).ShouldBe("['outer'] True False 0 7");
    }

    [ConformanceFact]
    public virtual async Task A_TaskGroup_that_is_cancelled_from_outside_cancels_a_task_that_waits_for_stubborn_work()
    {
        using PyObject module = Python("""
            async def turns():
                for _ in range(5):
                    await asyncio.sleep(0)

            async def run(start):
                future, end = await start(False)
                counts = []

                async def wait():
                    try:
                        await future
                    except asyncio.CancelledError:
                        counts.append(asyncio.current_task().cancelling())
                        raise

                async def group():
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(wait())

                task = asyncio.create_task(group())
                await turns()
                accepted = task.cancel()
                await turns()
                waits = not task.done() and not future.done()
                end()
                await asyncio.wait([task])
                return f"{accepted} {waits} {counts} {task.cancelled()} {task.cancelling()} {await future}"
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Endable()])).ShouldBe("True True [1] True 1 7");
    }

    [ConformanceFact]
    public virtual async Task A_shield_around_work_keeps_the_cancellation_from_it()
    {
        using PyObject module = Python("""
            async def run(start):
                future, end = await start(False)
                outer = asyncio.shield(future)
                seen = [outer.cancel(), outer.cancelled(), future.done()]
                try:
                    await asyncio.wait_for(asyncio.shield(future), 0.001)
                except TimeoutError:
                    seen.append("timed out")
                seen.append(future.done())
                end()
                return f"{seen} {await future}"
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Endable()])).ShouldBe("[True, True, False, 'timed out', False] 7");
    }

    [ConformanceFact]
    public virtual async Task A_cancelled_gather_of_several_awaitables_leaves_no_report()
    {
        using PyObject module = Python("""
            import gc

            async def run(f, n):
                wrong = 0
                for i in range(n):
                    group = asyncio.gather(f(), f(), asyncio.sleep(30), return_exceptions=i % 2 == 1)
                    if i % 3:
                        await asyncio.sleep(0)
                    wrong += not group.cancel()
                    try:
                        await group
                        wrong += 1
                    except asyncio.CancelledError:
                        pass
                    wrong += group.cancel()
                del group
                gc.collect()
                await asyncio.sleep(0)
                return wrong
            """);
        PyObject wait = Function(cancellationToken => Task.Delay(Soon, cancellationToken));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [wait, Repetitions.Of(1_000)])).ShouldBe(0);
    }

    /// <summary>
    /// A Python coroutine function <c>start(fails)</c>: it starts work, waits until the work has begun (work that is cancelled earlier never starts), and gives its future
    /// and a function that ends the work, with 7 or a failure. The work ignores its token.
    /// </summary>
    private PyObject Endable()
    {
        ConcurrentDictionary<int, TaskCompletionSource> ends = new();
        ConcurrentDictionary<int, bool> begun = new();
        PyObject work = Function(
            async (PyObject arguments, CancellationToken _) =>
            {
                (int number, bool fails) = arguments.As<(int, bool)>();
                begun[number] = true;
                await EndOf(number).Task.WaitAsync(Soon, CancellationToken.None);
                return fails ? throw new InvalidOperationException("failed") : 7;
            },
            "endable");
        PyObject end = Own(PyFunction.Create("end", number =>
        {
            EndOf(number[0].As<int>()).SetResult();
            return PyObject.None;
        }));
        PyObject hasBegun = Own(PyFunction.Create("has_begun", number => PyObject.From(begun.ContainsKey(number[0].As<int>()))));
        PyObject module = Python("""
            import functools, itertools

            def make(work, end, has_begun):
                numbers = itertools.count()

                async def start(fails):
                    number = next(numbers)
                    future = work((number, fails))
                    while not has_begun(number):
                        await asyncio.sleep(0)
                    return future, functools.partial(end, number)

                return start
            """);
        return Own(module.CallMethod("make", [work, end, hasBegun]));

        TaskCompletionSource EndOf(int number) =>
            ends.GetOrAdd(number, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
