using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// asyncio's order: nothing overtakes a callback that is already in the loop's queue.
public abstract partial class OrderingTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_task_created_before_an_await_has_started_when_the_await_returns()
    {
        using PyObject module = Python("""
            import time

            async def one(f, late):
                started = False

                async def inner():
                    nonlocal started
                    started = True

                task = asyncio.create_task(inner())
                future = f()
                time.sleep(0.00005)  # The loop is busy, so that C# completes work meanwhile.
                await future
                late.append(not started)
                await task

            async def run(f, n):
                late = []
                for _ in range(n):
                    await asyncio.gather(*(one(f, late) for _ in range(20)))
                return sum(late)
            """);
        PyObject brief = Function(async cancellationToken => await Task.Delay(1, cancellationToken));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [brief, Repetitions.Of(1_000) / 20 + 1])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Done_callbacks_run_behind_what_is_already_scheduled()
    {
        using PyObject module = Python("""
            import time

            async def run(f, n):
                loop = asyncio.get_running_loop()
                wrong = 0
                for _ in range(n):
                    ran = []
                    end = loop.create_future()
                    future = f()
                    future.add_done_callback(lambda _: end.set_result(list(ran)))
                    await asyncio.sleep(0)
                    if future.done():
                        await end
                        continue  # Too early: nothing had been scheduled yet.
                    time.sleep(0.0015)
                    loop.call_soon(ran.append, 1)
                    wrong += await end != [1]
                return wrong
            """);
        PyObject brief = Function(async cancellationToken => await Task.Delay(1, cancellationToken));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [brief, Repetitions.Of(1_000)])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Tasks_and_callbacks_of_one_future_run_in_the_order_in_which_they_were_added()
    {
        using PyObject module = Python("""
            async def run(f, n):
                wrong = 0
                for _ in range(n):
                    order = []
                    future = f()

                    async def wait(name):
                        await future
                        order.append(name)

                    first = asyncio.create_task(wait("first"))
                    await asyncio.sleep(0)
                    future.add_done_callback(lambda _: order.append("callback"))
                    second = asyncio.create_task(wait("second"))
                    await asyncio.sleep(0)
                    late = future.done()  # Completed before all of them waited: then the order is another one.
                    await asyncio.wait([first, second])
                    await asyncio.sleep(0)
                    wrong += not late and order != ["first", "callback", "second"]
                return wrong
            """);
        PyObject brief = Function(async cancellationToken => await Task.Delay(1, cancellationToken));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [brief, Repetitions.Of(1_000)])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_function_that_CSharp_calls_back_runs_behind_what_is_already_scheduled()
    {
        using PyObject module = Python("""
            import time

            async def run(f, n):
                wrong = 0
                for _ in range(n):
                    started = []

                    async def inner():
                        started.append(1)

                    seen = []
                    future = f(lambda: seen.append(list(started)))
                    task = asyncio.create_task(inner())
                    time.sleep(0.0005)
                    await future
                    wrong += seen != [[1]]
                    await task
                return wrong
            """);
        PyObject callBack = Function(async (PyObject function, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            using PyObject result = await Runtime.CallAsync(function, cancellationToken: cancellationToken);
            return true;
        });

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [callBack, Repetitions.Of(1_000)])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task What_CSharp_completes_comes_behind_events_queues_and_callbacks_that_were_scheduled_earlier()
    {
        using PyObject module = Python("""
            async def run(start, n):
                wrong = []
                for _ in range(n):
                    log, event, queue = [], asyncio.Event(), asyncio.Queue()
                    loop = asyncio.get_running_loop()
                    work, complete = start()

                    async def wait(name, awaitable):
                        await awaitable
                        log.append(name)

                    tasks = [asyncio.create_task(wait(*each)) for each in [("work", work), ("event", event.wait()), ("queue", queue.get())]]
                    await asyncio.sleep(0)
                    event.set()
                    queue.put_nowait(1)
                    loop.call_soon(log.append, "call_soon")
                    done = loop.create_future()
                    done.set_result(1)
                    done.add_done_callback(lambda _: log.append("callback"))
                    complete()
                    await asyncio.gather(*tasks)
                    if log != ["event", "queue", "call_soon", "callback", "work"]:
                        wrong.append(log)
                return repr(wrong[:3])
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Completable(), Repetitions.Of(1_000)])).ShouldBe("[]");
    }

    [ConformanceFact]
    public virtual async Task Steps_of_streams_do_not_overtake_either()
    {
        using PyObject module = Python("""
            import time

            async def run(stream, n):
                late = 0
                for _ in range(n):
                    started = False

                    async def inner():
                        nonlocal started
                        started = True

                    items = stream()
                    step = items.__anext__()
                    task = asyncio.create_task(inner())
                    suspends = not step.done()
                    time.sleep(0.0002)
                    await step
                    late += suspends and not started
                    await task
                    await items.aclose()
                return late
            """);
        PyObject stream = Own(PyFunction.Create("stream", _ => Runtime.AsyncEnumerableIntoPy(Items())));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [stream, Repetitions.Of(1_000)])).ShouldBe(0);

        static async IAsyncEnumerable<int> Items()
        {
            for (int i = 0; ; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Functions_that_return_coroutines_do_not_overtake_either()
    {
        using PyObject module = Python("""
            import time

            async def run(f, n):
                late = 0
                for _ in range(n):
                    started = False

                    async def inner():
                        nonlocal started
                        started = True

                    work = asyncio.create_task(f())
                    await asyncio.sleep(0)
                    task = asyncio.create_task(inner())
                    suspends = not work.done()
                    time.sleep(0.0002)
                    await work
                    late += suspends and not started
                    await task
                return late
            """);
        PyObject function = Own(Runtime.FunctionIntoPy(
            "coroutine",
            async cancellationToken =>
            {
                await Task.Yield();
                return 1;
            },
            returns: PyAwaitable.Coroutine));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [function, Repetitions.Of(1_000)])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Tasks_that_one_future_wakes_take_their_steps_in_turn()
    {
        using PyObject module = Python("""
            async def run(start, n):
                wrong = []
                for _ in range(n):
                    log = []
                    work, complete = start()

                    async def wait(i):
                        await work
                        log.append(i)
                        await asyncio.sleep(0)
                        log.append(i + 10)

                    tasks = [asyncio.create_task(wait(i)) for i in range(4)]
                    await asyncio.sleep(0)
                    complete()
                    await asyncio.gather(*tasks)
                    if log != [0, 1, 2, 3, 10, 11, 12, 13]:
                        wrong.append(log)
                return repr(wrong[:3])
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Completable(), Repetitions.Of(1_000)])).ShouldBe("[]");
    }

    /// <summary>A Python function that starts work and gives its future, with a function that completes the work.</summary>
    private PyObject Completable()
    {
        ConcurrentQueue<TaskCompletionSource> started = new();
        PyObject start = Own(PyFunction.Create("start", _ =>
        {
            var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            started.Enqueue(work);
            return Runtime.FutureIntoPy(_ => work.Task);
        }));
        PyObject complete = Own(PyFunction.Create("complete", () =>
        {
            started.TryDequeue(out TaskCompletionSource? work).ShouldBeTrue();
            work!.SetResult();
        }));
        PyObject module = Python("def make(start, complete):\n    return lambda: (start(), complete)");
        return Own(module.CallMethod("make", [start, complete]));
    }
}
