using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

// The end of a runtime, and the start of another.
public abstract partial class LifetimeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Stopping_while_a_future_that_cannot_be_hashed_is_awaited_cleans_up_the_others()
    {
        using PyObject module = Python("""
            class Awkward(asyncio.Future):
                __hash__ = None

                def __eq__(self, other):
                    raise ValueError("not to be compared")

            cleaned = []

            async def other():
                try:
                    await asyncio.sleep(30)
                finally:
                    cleaned.append(1)

            def make():
                module_task.append(asyncio.ensure_future(other()))
                return Awkward()

            module_task = []
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        await runtime.StartAsync();
        Task awaited = runtime.IntoFuture(() => module.CallMethod("make"));
        await EventuallyAsync(() => runtime.InvokeAsync(() => module.GetAttr("module_task").CallMethod<int>("__len__") > 0));

        await runtime.DisposeAsync();

        await ThrowsAsync<OperationCanceledException>(awaited.WaitAsync(Soon));
        module.GetAttr("cleaned").As<int[]>().ShouldBe([1]);
    }

    [ConformanceFact]
    public virtual async Task Stopping_with_ten_thousand_in_flight_ends_in_time_with_everything_settled()
    {
        int quarter = Math.Max(250, Repetitions.Of(2_500));
        using PyObject module = Python("""
            async def wait():
                await asyncio.sleep(60)

            async def wait_for(f):
                await f()
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => (options.Debug, options.ShutdownTimeout) = (false, Soon));
        await runtime.StartAsync();
        int bodies = 0;
        int begun = 0;
        using PyObject body = runtime.FunctionIntoPy("body", async cancellationToken =>
        {
            Interlocked.Increment(ref begun);
            try
            {
                await Task.Delay(Soon, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref bodies);
            }
        });
        PyObject wait = Own(module.GetAttr("wait"));
        PyObject waitFor = Own(module.GetAttr("wait_for"));
        Task[] inFlight =
        [
            .. Enumerable.Range(0, 2 * quarter).Select(_ => (Task)runtime.CallAsync(wait)),
            .. Enumerable.Range(0, quarter).Select(_ => (Task)runtime.CallAsync(waitFor, [body])),
            .. Enumerable.Range(0, quarter).Select(_ => runtime.Spawn(cancellationToken => Task.Delay(Soon, cancellationToken))),
        ];
        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref begun) == quarter));

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        inFlight.ShouldAllBe(task => task.IsCanceled);
        bodies.ShouldBe(quarter);
    }

    [ConformanceFact]
    public virtual async Task Stopping_settles_what_ignores_its_cancellation()
    {
        using PyObject module = Python("""
            async def stubborn():
                while True:
                    try:
                        await asyncio.sleep(60)
                    except asyncio.CancelledError:
                        pass

            async def wait_for(f):
                await f()
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        await runtime.StartAsync();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        using PyObject ignoring = runtime.FunctionIntoPy("ignoring", cancellationToken =>
        {
            Interlocked.Increment(ref begun);
            return never.Task;
        });
        Task stubborn = runtime.CallAsync(module.GetAttr("stubborn"));
        Task waiting = runtime.CallAsync(module.GetAttr("wait_for"), [ignoring]);
        Task spawned = runtime.Spawn(cancellationToken =>
        {
            Interlocked.Increment(ref begun);
            return never.Task;
        });
        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref begun) == 2));

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        stubborn.IsCanceled.ShouldBeTrue();
        waiting.IsCompleted.ShouldBeTrue();
        spawned.IsCompleted.ShouldBeFalse("work that ignores its token is the application's responsibility");
        never.SetResult();
        await spawned.WaitAsync(Soon);
        ExpectedReports.Add("without waiting longer");
    }

    [ConformanceFact]
    public virtual async Task Stopping_waits_for_calls_without_a_token_whose_futures_Python_has_cancelled()
    {
        const int Count = 50;
        using PyObject module = Python("""
            async def wait_for(f):
                await f()
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = Soon);
        await runtime.StartAsync();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0, ended = 0;
        using PyObject body = runtime.FunctionIntoPy("body", Work);
        using PyObject inline = runtime.InlineFunctionIntoPy("inline", _ => new ValueTask<int>(Work()), PyConvert.Int32);
        using PyObject waitFor = module.GetAttr("wait_for");
        Task[] calls = [.. Enumerable.Range(0, Count).Select(i => (Task)runtime.CallAsync(waitFor, [i % 2 == 0 ? body : inline]))];
        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref begun) == Count));

        Task end = runtime.DisposeAsync().AsTask();
        await Task.WhenAll(calls).WaitAsync(Soon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Read(ref ended).ShouldBe(0);
        calls.ShouldAllBe(static call => call.IsCanceled, "their futures end at once");
        end.IsCompleted.ShouldBeFalse("the work continues");
        released.SetResult();
        await end.WaitAsync(Soon);

        ended.ShouldBe(Count);

        async Task<int> Work()
        {
            Interlocked.Increment(ref begun);
            await released.Task.ConfigureAwait(false);
            await Task.Yield();
            return Interlocked.Increment(ref ended);
        }
    }

    [ConformanceFact]
    public virtual async Task Stopping_ends_asynchronous_generators_and_the_default_executor()
    {
        using PyObject module = Python("""
            import threading

            log = []
            kept = []

            async def generator():
                try:
                    yield 1
                finally:
                    await asyncio.sleep(0)
                    log.append("generator ended")

            async def leave_behind():
                kept.append(generator())
                async for _ in kept[-1]:
                    break
                await asyncio.get_running_loop().run_in_executor(None, lambda: log.append(threading.current_thread()))

            def executor_ended():
                return not log[0].is_alive()
            """);
        foreach (bool onMainThread in new[] { false, true })
        {
            module.GetAttr("log").CallMethod("clear").Dispose();
            if (onMainThread)
            {
                await PyAsyncTestHost.OnMainThreadAsync(() =>
                {
                    using IRuntime runtime = Fixture.CreateRuntime();
                    runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(module.GetAttr("leave_behind"), cancellationToken: cancellationToken));
                });
            }
            else
            {
                await using IRuntime runtime = Fixture.CreateRuntime();
                await runtime.StartAsync();
                await runtime.CallAsync(module.GetAttr("leave_behind"));
            }

            module.CallMethod<bool>("executor_ended").ShouldBeTrue();
            module.GetAttr("log")[1].As<string>().ShouldBe("generator ended");
        }
    }

    [ConformanceFact]
    public virtual async Task Stopping_waits_a_limited_time_for_the_default_executor()
    {
        using PyObject module = Python("""
            import threading

            begun = threading.Event()
            release = threading.Event()

            def block():
                begun.set()
                release.wait()

            async def start():
                asyncio.get_running_loop().run_in_executor(None, block)
                begun.wait()
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        await runtime.StartAsync();
        await runtime.CallAsync(module.GetAttr("start"));

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        module.GetAttr("release").CallMethod("set").Dispose();
        ExpectedReports.Add("threads of loop.run_in_executor");
    }

    [ConformanceFact]
    public virtual async Task A_runtime_starts_again_after_another_in_one_process()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        for (int i = 0; i < 5; i++)
        {
            await using IRuntime runtime = Fixture.CreateRuntime();
            await runtime.StartAsync();
            await runtime.StartAsync();
            (await runtime.CallAsync<int>(sleep, [0.001, i])).ShouldBe(i);
        }
    }

    [ConformanceFact]
    public virtual async Task A_runtime_can_be_disposed_twice_and_then_refuses_work()
    {
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();

        await Task.WhenAll(runtime.DisposeAsync().AsTask(), runtime.DisposeAsync().AsTask(), Task.Run(runtime.Dispose));

        Should.Throw<ObjectDisposedException>(() => { _ = runtime.Spawn(cancellationToken => Task.CompletedTask); });
        Should.Throw<ObjectDisposedException>(() => { _ = runtime.InvokeAsync(() => true); });
        Should.Throw<ObjectDisposedException>(() => runtime.RunUntilComplete(cancellationToken => Task.CompletedTask));
        await ThrowsAsync<ObjectDisposedException>(runtime.StartAsync());
    }
}
