using System.Globalization;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Order, threads, and nested calls.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class OrderingTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task Requests_of_one_thread_start_in_their_order()
    {
        int count = Repetitions.Of(5_000);
        using PyObject module = Python("""
            started = []

            async def start(i):
                started.append(i)
            """);
        PyObject start = Own(module.GetAttr("start"));

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Runtime.CallAsync(start, [i])));

        module.GetAttr("started").As<int[]>().ShouldBe(Enumerable.Range(0, count));
    }

    /// <summary>The loop may complete a request before the thread that woke it has returned: the one that comes last completes the Task.</summary>
    [ConformanceFact]
    public virtual async Task Threads_that_await_one_after_another_each_get_their_own_results()
    {
        int count = Repetitions.Of(5_000);
        using PyObject module = Python("""
            async def echo(i):
                if i % 5 == 0:
                    raise ValueError(i)
                return i
            """);
        PyObject echo = Own(module.GetAttr("echo"));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(thread => Task.Run(async () =>
        {
            using var cts = new CancellationTokenSource();
            for (int i = thread * count; i < (thread + 1) * count; i++)
            {
                CancellationToken token = i % 2 == 0 ? cts.Token : CancellationToken.None;
                if (i % 5 == 0)
                {
                    (await ThrowsAsync<PythonException>(Runtime.CallAsync<int>(echo, [i], token))).Message.ShouldContain(i.ToString(CultureInfo.InvariantCulture));
                }
                else
                {
                    (await Runtime.CallAsync<int>(echo, [i], token)).ShouldBe(i);
                }
            }
        })));
    }

    [ConformanceFact]
    public virtual async Task Eight_threads_with_ten_thousand_awaits_each_arrive_once()
    {
        const int Threads = 8;
        int count = Repetitions.Of(10_000);
        using PyObject module = Python("""
            calls = 0

            async def echo(i):
                global calls
                calls += 1
                if i % 7 == 0:
                    await asyncio.sleep(0)
                return i
            """);
        PyObject echo = Own(module.GetAttr("echo"));

        long[] sums = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                Task<long>[] calls = [.. Enumerable.Range(0, count).Select(i => Runtime.CallAsync<long>(echo, [(thread * count) + i]))];
                Task.WaitAll(calls);
                for (int i = 0; i < count; i++)
                {
                    calls[i].Result.ShouldBe((thread * count) + i);
                }

                return calls.Sum(call => call.Result);
            },
            TaskCreationOptions.LongRunning)));

        module.GetAttr("calls").As<int>().ShouldBe(Threads * count);
        sums.Sum().ShouldBe((long)Threads * count * ((Threads * count) - 1) / 2);
    }

    [ConformanceFact]
    public virtual async Task Awaits_nest_a_hundred_levels_deep()
    {
        using PyObject module = Python("""
            async def down(call, n):
                if n == 0:
                    return 0
                return 1 + await call(n - 1)
            """);
        PyObject down = Own(module.GetAttr("down"));
        PyObject? call = null;
        call = Function(async (int n, CancellationToken cancellationToken) => await Runtime.CallAsync<int>(down, [call, n], cancellationToken));

        (await Runtime.CallAsync<int>(down, [call, 100])).ShouldBe(100);
    }

    [ConformanceFact]
    public virtual async Task Synchronous_calls_nest_a_hundred_levels_deep()
    {
        using PyObject module = Python("""
            def down(call, n):
                return 0 if n == 0 else 1 + call(n - 1)
            """);
        PyObject down = Own(module.GetAttr("down"));
        PyObject? call = null;
        call = Own(PyFunction.Create("call", arguments => down.Call([call, arguments.Get<int>(0)])));

        (await Runtime.InvokeAsync(() => down.Call<int>([call, 100]))).ShouldBe(100);
    }

    [ConformanceFact]
    public virtual async Task Continuations_do_not_run_on_the_loop_thread()
    {
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        for (int i = 0; i < 100; i++)
        {
            await Runtime.CallAsync(sleep, [0]).ConfigureAwait(false);
            Environment.CurrentManagedThreadId.ShouldNotBe(loopThread);
            await Runtime.InvokeAsync(() => true).ConfigureAwait(false);
            Environment.CurrentManagedThreadId.ShouldNotBe(loopThread);
        }

        Task<int> continued = Runtime.CallAsync(sleep, [0.001])
            .ContinueWith(_ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        (await continued).ShouldNotBe(loopThread);
    }

    [ConformanceFact]
    public virtual async Task Code_on_the_backend_comes_back_to_it_after_awaits()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        await Runtime.Spawn(async cancellationToken =>
        {
            SynchronizationContext? context = SynchronizationContext.Current;
            TaskScheduler scheduler = TaskScheduler.Current;
            await Runtime.CallAsync(sleep, [0.001], cancellationToken);
            SynchronizationContext.Current.ShouldBe(context);
            await Task.Yield();
            SynchronizationContext.Current.ShouldBe(context);
            TaskScheduler.Current.ShouldBe(scheduler);
        });
    }

    [ConformanceFact]
    public virtual async Task Functions_that_Python_calls_run_their_work_on_the_backend()
    {
        using PyObject module = Python("""
            async def run(f):
                return await f()
            """);
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);
        PyObject where = Function(cancellationToken => Task.FromResult(Environment.CurrentManagedThreadId));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [where])).ShouldNotBe(loopThread);
    }

    [ConformanceFact]
    public virtual async Task A_blocking_continuation_holds_up_no_other()
    {
        using PyObject module = Python("""
            async def nothing():
                await asyncio.sleep(0)
                return 1
            """);
        PyObject nothing = Own(module.GetAttr("nothing"));
        using var release = new ManualResetEventSlim();
        Task blocked = Task.Run(async () =>
        {
            await Runtime.CallAsync<int>(nothing);
            release.Wait(Soon).ShouldBeTrue();
        });

        for (int i = 0; i < 100; i++)
        {
            (await Runtime.CallAsync<int>(nothing).WaitAsync(Soon)).ShouldBe(1);
        }

        release.Set();
        await blocked;
    }
}
