using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>What any bridge between a native runtime and asyncio has to do: the least of it.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class BaselineTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_dotnet_function_is_awaited_by_a_coroutine_that_dotnet_awaits()
    {
        using PyObject module = Python("""
            async def twice(get):
                return await get(20) + await get(1)
            """);
        PyObject get = Function(async (int x, CancellationToken ct) =>
        {
            await Task.Delay(5, ct);
            return x * 2;
        });

        (await Runtime.Call<int>(module.GetAttr("twice"), [get])).ShouldBe(42);
    }

    [ConformanceFact]
    public virtual async Task A_dotnet_delay_and_an_asyncio_sleep_follow_each_other_in_one_task()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        int result = await Runtime.Spawn(async ct =>
        {
            await Task.Delay(5, ct);
            return await Runtime.Call<int>(sleep, [0.005, 7], ct);
        });

        result.ShouldBe(7);
    }

    [ConformanceFact]
    public virtual async Task A_synchronous_body_runs_where_it_may_block()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<int> blocked = Runtime.SpawnBlocking(_ =>
        {
            entered.Set();
            release.Wait(Soon).ShouldBeTrue();
            return 5;
        });

        entered.Wait(Soon).ShouldBeTrue();
        (await Runtime.Spawn(_ => Task.FromResult(1)).WaitAsync(Soon)).ShouldBe(1, "other work went on meanwhile");
        release.Set();
        (await blocked).ShouldBe(5);
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_becomes_a_Task_on_a_loop_given_by_reference()
    {
        EventLoopContext context = Runtime.CaptureContext();
        using PyObject module = Python("""
            async def running():
                await asyncio.sleep(0)
                return asyncio.get_running_loop()
            """);
        using PyObject loop = context.Loop.PythonLoop;

        PyObject seen = await Runtime.IntoFuture(context, () => module.CallMethod("running"));

        Own(seen).Is(loop).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_future_of_run_in_executor_becomes_a_Task()
    {
        using PyObject module = Python("""
            import time

            def blocking():
                time.sleep(0.01)
                return "done"

            def start():
                return asyncio.get_running_loop().run_in_executor(None, blocking)
            """);

        (await Runtime.IntoFuture<string>(() => module.CallMethod("start"))).ShouldBe("done");
    }

    [ConformanceFact]
    public virtual async Task Pinned_work_stays_on_one_thread()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        var threads = new List<int>();

        await Runtime.SpawnPinned(async ct =>
        {
            for (int i = 0; i < 10; i++)
            {
                threads.Add(Environment.CurrentManagedThreadId);
                await Runtime.Call(sleep, [0.001], ct);
                threads.Add(Environment.CurrentManagedThreadId);
                await Task.Yield();
            }
        });

        threads.Distinct().Count().ShouldBe(1);
    }

    [ConformanceFact]
    public virtual async Task An_exception_of_dotnet_arrives_as_its_own_Python_type()
    {
        using PyObject module = Python("""
            import pyasync

            async def catch(f, expected):
                try:
                    await f()
                except BaseException as e:
                    return type(e) is expected and (not isinstance(e, pyasync.DotNetException) or e.dotnet_type == "System.InvalidOperationException")
                return False
            """);
        using PyObject builtins = PyObject.Import("builtins");
        using PyObject pyasync = PyObject.Import("pyasync");
        (Exception Thrown, PyObject Expected)[] cases =
        [
            (new ArgumentException("x"), builtins.GetAttr("ValueError")),
            (new KeyNotFoundException("x"), builtins.GetAttr("KeyError")),
            (new NotImplementedException("x"), builtins.GetAttr("NotImplementedError")),
            (new IOException("x"), builtins.GetAttr("OSError")),
            (new InvalidOperationException("x"), pyasync.GetAttr("DotNetException")),
        ];
        foreach ((Exception thrown, PyObject expected) in cases)
        {
            PyObject fail = Function(async ct =>
            {
                await Task.Yield();
                throw thrown;
            });
            (await Runtime.Call<bool>(module.GetAttr("catch"), [fail, Own(expected)])).ShouldBeTrue(thrown.GetType().Name);
        }
    }

    [ConformanceFact]
    public virtual async Task Cancelling_the_Python_future_ends_it_and_the_body_never_completes()
    {
        using PyObject module = Python("""
            async def cancel(f):
                task = asyncio.ensure_future(f())
                await asyncio.sleep(0.01)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return task.cancelled()
                return False
            """);
        bool completed = false;
        PyObject body = Function(async ct =>
        {
            await Task.Delay(Soon, ct);
            completed = true;
        });

        (await Runtime.Call<bool>(module.GetAttr("cancel"), [body])).ShouldBeTrue();
        completed.ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task Cancelling_pinned_work_ends_it_and_the_body_never_completes()
    {
        using var cts = new CancellationTokenSource();
        bool completed = false;
        Task pinned = Runtime.SpawnPinned(
            async ct =>
            {
                await Task.Delay(Soon, ct);
                completed = true;
            },
            cts.Token);

        await cts.CancelAsync();

        (await Throws<OperationCanceledException>(pinned)).CancellationToken.ShouldBe(cts.Token);
        completed.ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task The_main_thread_runs_twice_in_one_process()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        for (int i = 0; i < 2; i++)
        {
            int run = i;
            int result = await PyAsyncTestHost.OnMainThread(() =>
            {
                using IRuntime runtime = Fixture.CreateRuntime();
                return runtime.RunUntilComplete(ct => runtime.Call<int>(sleep, [0.001, run], ct));
            });
            result.ShouldBe(run);
        }
    }

    [ConformanceFact]
    public virtual async Task Two_fresh_loops_in_a_row_call_dotnet()
    {
        using PyObject module = Python("""
            async def main(f):
                return await f(3) + await f(4)

            def run_twice(f):
                return [asyncio.run(main(f)), asyncio.run(main(f))]
            """);
        PyObject square = Function(async (int x, CancellationToken ct) =>
        {
            await Task.Delay(2, ct);
            return x * x;
        });

        int[] results = await Task.Factory.StartNew(() => module.GetAttr("run_twice").Call<int[]>([square]), TaskCreationOptions.LongRunning);

        results.ShouldBe([25, 25]);
    }

    [ConformanceFact]
    public virtual async Task An_async_generator_becomes_a_stream_in_order()
    {
        using PyObject module = Python("""
            async def gen():
                for i in range(10):
                    await asyncio.sleep(0.001)
                    yield i
            """);
        var items = new List<int>();

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen")))
        {
            items.Add(item);
        }

        items.ShouldBe(Enumerable.Range(0, 10));
    }

    [ConformanceFact]
    public virtual async Task A_thousand_fast_items_pass_through_a_full_buffer()
    {
        using PyObject module = Python("""
            async def gen():
                for i in range(1000):
                    yield i
            """);
        var items = new List<int>();

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen"), buffer: 2))
        {
            items.Add(item);
        }

        items.ShouldBe(Enumerable.Range(0, 1000));
    }

    [ConformanceFact]
    public virtual async Task A_context_variable_is_seen_in_a_Python_callback_that_dotnet_invokes()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def main(invoke, value):
                variable.set(value)
                return await invoke(variable.get)
            """);
        PyObject invoke = Function((PyObject callback, CancellationToken ct) => Runtime.Call<string>(callback, ct: ct));

        foreach (string value in new[] { "first", "second" })
        {
            (await Runtime.Call<string>(module.GetAttr("main"), [invoke, value])).ShouldBe(value);
        }
    }

    [ConformanceFact]
    public virtual async Task A_run_forever_loop_is_stopped_from_Python()
    {
        using PyObject module = Python("""
            async def stop_soon():
                loop = asyncio.get_running_loop()
                loop.run_in_executor(None, loop.call_soon_threadsafe, loop.stop)
            """);

        await PyAsyncTestHost.OnMainThread(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            Task stopping = Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        await runtime.Call(module.GetAttr("stop_soon"));
                        return;
                    }
                    catch (NoRunningLoopException)
                    {
                        await Task.Yield(); // The loop has not been made yet.
                    }
                }
            });
            runtime.RunForever();
            stopping.Wait(Soon).ShouldBeTrue();
        }).WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Cancelling_around_the_completion_never_reaches_the_exception_handler()
    {
        using PyObject module = Python("""
            import random

            async def one(f):
                task = asyncio.ensure_future(f())
                await asyncio.sleep(0.002 + random.uniform(-0.0002, 0.0002))
                task.cancel()
                try:
                    await task
                    return 0
                except asyncio.CancelledError:
                    return 1

            async def race(f):
                return sum(await asyncio.gather(*(one(f) for _ in range(50))))
            """);
        PyObject delay = Function(async ct => await Task.Delay(2, ct));

        for (int round = 0; round < 20; round++)
        {
            (await Runtime.Call<int>(module.GetAttr("race"), [delay])).ShouldBeInRange(0, 50);
        }
    }
}
