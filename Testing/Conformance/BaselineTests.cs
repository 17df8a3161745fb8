using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>The minimum that any bridge between a native runtime and asyncio has to support.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class BaselineTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_dotnet_function_is_awaited_by_a_coroutine_that_dotnet_awaits()
    {
        using PyObject module = Python("""
            async def twice(get):
                return await get(20) + await get(1)
            """);
        PyObject get = Function(async (int x, CancellationToken cancellationToken) =>
        {
            await Task.Delay(5, cancellationToken);
            return x * 2;
        });

        (await Runtime.CallAsync<int>(module.GetAttr("twice"), [get])).ShouldBe(42);
    }

    [ConformanceFact]
    public virtual async Task A_method_is_looked_up_and_called_on_the_loop()
    {
        using PyObject module = Python("""
            class Shop:
                def __init__(self):
                    self.loops = []

                def __getattr__(self, name):
                    self.loops.append(asyncio.get_running_loop())
                    raise AttributeError(name)

                async def price(self, item, *, currency="EUR"):
                    await asyncio.sleep(0)
                    return f"{item}: 3 {currency}"

                def plain(self):
                    return 5
            """);
        PyObject shop = Own(module.CallMethod("Shop"));

        (await Runtime.CallMethodAsync<string>(shop, "price", ["tea"])).ShouldBe("tea: 3 EUR");
        (await Runtime.CallMethodAsync(shop, "price", ["tea", PyArgument.Named("currency", "USD")], PyConvert.String)).ShouldBe("tea: 3 USD");
        (await Runtime.CallMethodAsync<int>(shop, "plain")).ShouldBe(5);
        Own(await Runtime.CallMethodAsync(shop, "plain")).As<int>().ShouldBe(5);
        (await ThrowsAsync<PythonException>(Runtime.CallMethodAsync(shop, "missing"))).IsInstanceOf("builtins.AttributeError").ShouldBeTrue();
        shop.GetAttr("loops").CallMethod<int>("__len__").ShouldBe(1, "the name was looked up on the loop's thread");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await ThrowsAsync<OperationCanceledException>(Runtime.CallMethodAsync(shop, "missing", cancellationToken: cancelled.Token));
        shop.GetAttr("loops").CallMethod<int>("__len__").ShouldBe(1, "a call that was cancelled before does not look the name up");

        PyObject borrowed = shop.Clone();
        Task<int> call = Runtime.CallMethodAsync<int>(borrowed, "plain");
        borrowed.Dispose();
        (await call).ShouldBe(5, "the object may be disposed right after the call");
    }

    [ConformanceFact]
    public virtual async Task A_dotnet_delay_and_an_asyncio_sleep_follow_each_other_in_one_task()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        int result = await Runtime.Spawn(async cancellationToken =>
        {
            await Task.Delay(5, cancellationToken);
            return await Runtime.CallAsync<int>(sleep, [0.005, 7], cancellationToken);
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
        (await Runtime.Spawn(_ => Task.FromResult(1)).WaitAsync(Soon)).ShouldBe(1, "other work continued meanwhile");
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
        using PyObject loop = context.Loop.GetPythonLoop();

        PyObject seen = await Runtime.In(context).IntoFuture(() => module.CallMethod("running"));

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

        await Runtime.SpawnPinned(async cancellationToken =>
        {
            for (int i = 0; i < 10; i++)
            {
                threads.Add(Environment.CurrentManagedThreadId);
                await Runtime.CallAsync(sleep, [0.001], cancellationToken);
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
            PyObject fail = Function(async cancellationToken =>
            {
                await Task.Yield();
                throw thrown;
            });
            (await Runtime.CallAsync<bool>(module.GetAttr("catch"), [fail, Own(expected)])).ShouldBeTrue(thrown.GetType().Name);
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
        PyObject body = Function(async cancellationToken =>
        {
            await Task.Delay(Soon, cancellationToken);
            completed = true;
        });

        (await Runtime.CallAsync<bool>(module.GetAttr("cancel"), [body])).ShouldBeTrue();
        completed.ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task Cancelling_pinned_work_ends_it_and_the_body_never_completes()
    {
        using var cts = new CancellationTokenSource();
        bool completed = false;
        Task pinned = Runtime.SpawnPinned(
            async cancellationToken =>
            {
                await Task.Delay(Soon, cancellationToken);
                completed = true;
            },
            cts.Token);

        await cts.CancelAsync();

        (await ThrowsAsync<OperationCanceledException>(pinned)).CancellationToken.ShouldBe(cts.Token);
        completed.ShouldBeFalse();
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
        PyObject invoke = Function((PyObject callback, CancellationToken cancellationToken) => Runtime.CallAsync<string>(callback, cancellationToken: cancellationToken));

        foreach (string value in new[] { "first", "second" })
        {
            (await Runtime.CallAsync<string>(module.GetAttr("main"), [invoke, value])).ShouldBe(value);
        }
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
        PyObject delay = Function(async cancellationToken => await Task.Delay(2, cancellationToken));

        for (int round = 0; round < 20; round++)
        {
            (await Runtime.CallAsync<int>(module.GetAttr("race"), [delay])).ShouldBeInRange(0, 50);
        }
    }
}
