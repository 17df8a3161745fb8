using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Event loops: whose, where, running, stopped, closed.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class LoopTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task Without_a_running_loop_Python_gets_asyncios_own_error()
    {
        using PyObject module = Python("""
            def call(f):
                try:
                    f()
                except RuntimeError as e:
                    return str(e)
            """);
        PyObject f = Function(ct => Task.CompletedTask);

        (await Task.Run(() => module.GetAttr("call").Call<string>([f]))).ShouldBe("no running event loop");
    }

    [ConformanceFact]
    public virtual async Task A_runtime_that_was_never_started_says_what_to_do()
    {
        await using IRuntime runtime = Fixture.CreateRuntime();
        using PyObject asyncio = PyObject.Import("asyncio");

        Should.Throw<NoRunningLoopException>(() => runtime.GetCurrentLoop()).Message.ShouldContain("StartAsync");
        Should.Throw<NoRunningLoopException>(() => { _ = runtime.Call(asyncio.GetAttr("sleep"), [0]); }).Message.ShouldContain("StartAsync");
    }

    [ConformanceFact]
    public virtual async Task A_closed_loop_refuses_calls_at_once()
    {
        using PyObject module = Python("""
            made = 0

            async def run():
                global made
                made += 1
            """);
        IRuntime ended = Fixture.CreateRuntime();
        await ended.StartAsync();
        EventLoopContext context = ended.CaptureContext();
        await ended.DisposeAsync();
        using PyObject coroutine = module.CallMethod("run");

        context.Loop.IsClosed.ShouldBeTrue();
        Should.Throw<EventLoopClosedException>(() => { _ = Runtime.Call(context, module.GetAttr("run")); });
        Should.Throw<EventLoopClosedException>(() => { _ = Runtime.IntoFuture(context, coroutine); });
        Should.Throw<EventLoopClosedException>(() => context.Loop.Post(() => { }));
        Should.Throw<EventLoopClosedException>(() => Runtime.FutureIntoPy(context, ct => Task.CompletedTask));
        Should.Throw<ObjectDisposedException>(() => { _ = ended.Call(module.GetAttr("run")); });
        module.GetAttr("made").As<int>().ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_loop_that_is_made_but_not_running_takes_requests_and_does_them_when_it_runs()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        int result = await PyAsyncTestHost.OnMainThread(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            runtime.RunUntilComplete(ct => Task.CompletedTask);
            Task<int> queued = Task.Run(() => runtime.Call<int>(sleep, [0.001, 9]));
            SpinWait.SpinUntil(() => queued.Status == TaskStatus.WaitingForActivation, Soon);
            queued.IsCompleted.ShouldBeFalse();
            return runtime.RunUntilComplete(ct => queued);
        });

        result.ShouldBe(9);
    }

    [ConformanceFact]
    public virtual async Task A_loop_that_never_runs_again_fails_its_requests_when_it_is_closed()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        Task<int>? queued = null;

        await PyAsyncTestHost.OnMainThread(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
            runtime.RunUntilComplete(ct => Task.CompletedTask);
            queued = runtime.Call<int>(sleep, [60, 9]);
        });

        await Throws<Exception>(queued!.WaitAsync(Soon));
        queued!.IsCompleted.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_loop_closed_by_Python_while_work_is_in_flight_settles_both_sides()
    {
        using PyObject module = Python("""
            async def forever():
                await asyncio.sleep(60)

            async def begin(start, wait, begun):
                await start(forever)
                wait()
                await begun()

            def run(start, wait, begun):
                loop = asyncio.new_event_loop()
                loop.run_until_complete(begin(start, wait, begun))
                tasks = asyncio.all_tasks(loop)
                loop.close()
                for task in tasks:
                    task._log_destroy_pending = False
                return loop.is_closed()
            """);
        Task<PyObject>? inner = null;
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject start = Function(async (PyObject f, CancellationToken ct) =>
        {
            inner = Runtime.Call(f, ct: CancellationToken.None);
            await Runtime.InvokeAsync(() => true);
            return true;
        });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Function(async ct =>
        {
            try
            {
                begun.SetResult();
                await Task.Delay(Soon, ct);
            }
            finally
            {
                cancelled.SetResult();
            }
        });

        (await Task.Run(() => module.GetAttr("run").Call<bool>([start, wait, Function(_ => begun.Task)]))).ShouldBeTrue();

        await Throws<EventLoopClosedException>(inner!.WaitAsync(Soon));
        await cancelled.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Loops_in_several_threads_each_get_their_own_calls()
    {
        using PyObject module = Python("""
            import threading

            async def where():
                await asyncio.sleep(0)
                return id(asyncio.get_running_loop()), threading.get_ident()

            async def main(f, n):
                mine = (id(asyncio.get_running_loop()), threading.get_ident())
                results = await asyncio.gather(*(f(where) for _ in range(n)))
                return all(tuple(r) == mine for r in results)

            def run(f, n):
                return asyncio.run(main(f, n))
            """);
        PyObject callBack = Function((PyObject f, CancellationToken ct) => Task.Run(() => Runtime.Spawn(async ct =>
        {
            await Task.Yield();
            return await Runtime.Call<(long, long)>(f, ct: ct);
        })));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();

        bool[] right = await Task.WhenAll(
            [
                .. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => module.GetAttr("run").Call<bool>([callBack, 200]), TaskCreationOptions.LongRunning)),
                Runtime.Call<bool>(module.GetAttr("main"), [callBack, 200]),
                other.Call<bool>(module.GetAttr("main"), [callBack, 200]),
            ]);

        right.ShouldAllBe(each => each);
    }

    [ConformanceFact]
    public virtual async Task The_loop_of_a_call_is_the_given_one_then_the_running_then_the_ambient_then_the_runtimes_own()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject getRunningLoop = asyncio.GetAttr("get_running_loop");
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext own = Runtime.CaptureContext();
        EventLoopContext elsewhere = other.CaptureContext();
        using PyObject elsewhereLoop = elsewhere.Loop.PythonLoop;

        Runtime.GetCurrentLoop().ShouldBe(own.Loop, "the runtime's own");
        elsewhere.Run(() => Runtime.GetCurrentLoop()).ShouldBe(elsewhere.Loop, "the ambient one before the runtime's own");
        (await Runtime.InvokeAsync(() => elsewhere.Run(() => Runtime.GetCurrentLoop()))).ShouldBe(own.Loop, "the running one before the ambient");
        Task<PyObject> call = await Runtime.InvokeAsync(() => Runtime.Call(elsewhere, getRunningLoop));
        Own(await call).Is(elsewhereLoop).ShouldBeTrue("the given one before the running");
    }

    [ConformanceFact]
    public virtual async Task A_context_flows_through_spawned_work_continuations_and_timers()
    {
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext elsewhere = other.CaptureContext();
        EventLoop Current(object? _ = null) => Runtime.GetCurrentLoop();

        EventLoop[] seen = await elsewhere.Run(async () => new[]
        {
            await Runtime.Spawn(ct => Task.FromResult(Current())),
            await Runtime.SpawnPinned(ct => Task.FromResult(Current())),
            await Runtime.SpawnBlocking(ct => Current()),
            await Task.Run(() => Current()),
            await Task.Delay(1).ContinueWith(Current, TaskScheduler.Default),
            await FromTimer(),
            await After(Task.Delay(1)),
            await Runtime.Spawn(async ct => await Task.Run(() => Runtime.Spawn(ct => Task.FromResult(Current())))),
        });

        seen.ShouldAllBe(loop => loop == elsewhere.Loop);
        Current().ShouldNotBe(elsewhere.Loop);

        async Task<EventLoop> FromTimer()
        {
            var fired = new TaskCompletionSource<EventLoop>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var timer = new Timer(_ => fired.TrySetResult(Current()), null, 1, Timeout.Infinite);
            return await fired.Task;
        }

        async Task<EventLoop> After(Task earlier)
        {
            await earlier;
            return Current();
        }
    }

    [ConformanceFact]
    public virtual async Task Every_conversion_takes_a_context()
    {
        using PyObject module = Python("""
            async def running():
                return asyncio.get_running_loop()

            async def generator():
                yield asyncio.get_running_loop()

            async def get(awaitable):
                return await awaitable

            async def collect(items):
                return [item async for item in items]
            """);
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext context = other.CaptureContext();
        using PyObject loop = context.Loop.PythonLoop;
        PyObject get = Own(module.GetAttr("get"));
        using PyObject coroutine = module.CallMethod("running");
        PyObject[] loops =
        [
            await Runtime.Call(context, module.GetAttr("running")),
            await Runtime.IntoFuture(context, () => module.CallMethod("running")),
            await Runtime.IntoFuture(context, coroutine),
            await Runtime.InvokeAsync(context, () => Runtime.GetCurrentLoop().PythonLoop),
            await Runtime.IntoAsyncEnumerable<PyObject>(context, () => module.CallMethod("generator")).SingleAsync(),
        ];
        loops.ShouldAllBe(seen => Own(seen).Is(loop));

        // What is made for a loop can be awaited there and nowhere else.
        async Task<int> Work(CancellationToken ct)
        {
            await Task.Yield();
            return 4;
        }

        PyObject[] awaitables =
        [
            Runtime.FutureIntoPy(context, Work),
            Runtime.FutureIntoPy(context, Work(CancellationToken.None)),
            Runtime.FutureIntoPy(context, new ValueTask<int>(Work(CancellationToken.None))),
        ];
        foreach (PyObject awaitable in awaitables)
        {
            (await other.Call<int>(get, [Own(awaitable)])).ShouldBe(4);
        }

        using PyObject items = Runtime.AsyncEnumerableIntoPy(context, new[] { 1, 2 }.ToAsyncEnumerable());
        (await other.Call<int[]>(module.GetAttr("collect"), [items])).ShouldBe([1, 2]);
    }

    [ConformanceFact]
    public virtual async Task Nested_runs_are_refused()
    {
        PyObject nested = Own(PyFunction.Create("nested", () => Runtime.RunUntilComplete(ct => Task.CompletedTask)));
        using PyObject module = Python("""
            async def run(f):
                try:
                    f()
                except RuntimeError as e:
                    return str(e)
            """);

        (await Runtime.Call<string>(module.GetAttr("run"), [nested])).ShouldContain("IntoFuture");
        Should.Throw<InvalidOperationException>(() => Runtime.RunUntilComplete(ct => Task.CompletedTask)).Message.ShouldContain("IntoFuture");
        Should.Throw<InvalidOperationException>(() => Runtime.RunForever()).Message.ShouldContain("IntoFuture");

        // A main thread's loop takes no second main work.
        await PyAsyncTestHost.OnMainThread(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            runtime.RunUntilComplete(async ct => await Task.Run(
                () => Should.Throw<InvalidOperationException>(() => runtime.RunUntilComplete(ct => Task.CompletedTask)).Message
                    .ShouldContain("runs on another thread that called RunUntilComplete or RunForever"),
                ct));
        });
    }

    [ConformanceFact]
    public virtual async Task Inside_a_running_loop_the_call_lands_on_that_loop()
    {
        PyObject same = Own(PyFunction.Create("same", _ =>
        {
            using PyObject asyncio = PyObject.Import("asyncio");
            using PyObject running = asyncio.CallMethod("get_running_loop");
            using PyObject found = Runtime.GetCurrentLoop().PythonLoop;
            return PyObject.From(running.Is(found) && Runtime.GetCurrentLoop().IsCurrentThread);
        }));
        using PyObject module = Python("""
            async def call(f):
                return f()

            def elsewhere(f):
                return asyncio.run(call(f))
            """);

        (await Runtime.Call<bool>(module.GetAttr("call"), [same])).ShouldBeTrue();
        (await Task.Run(() => module.GetAttr("elsewhere").Call<bool>([same]))).ShouldBeTrue();
        Runtime.GetCurrentLoop().IsCurrentThread.ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task A_stopped_loop_of_a_host_goes_on()
    {
        using PyObject module = Python("""
            async def stop():
                asyncio.get_running_loop().stop()

            async def go_on():
                await asyncio.sleep(0.001)
                return "on"
            """);

        await Runtime.Call(module.GetAttr("stop"));

        (await Runtime.Call<string>(module.GetAttr("go_on")).WaitAsync(Soon)).ShouldBe("on");
        ExpectedReports.Add("stopped the runtime's event loop");
    }

    [ConformanceFact]
    public virtual async Task Under_a_flood_from_four_threads_timers_fire_in_time()
    {
        using PyObject module = Python("""
            import gc, time

            async def nothing():
                return 1

            async def timers():
                taken = []
                for _ in range(20):
                    before = time.perf_counter()
                    await asyncio.sleep(0.01)
                    taken.append(time.perf_counter() - before)
                return max(taken) * 1000

            def set_aside_what_is_there():
                gc.collect()
                gc.freeze()
            """);
        using var stop = new CancellationTokenSource();
        PyObject nothing = Own(module.GetAttr("nothing"));

        // CPython's collector goes through all that is alive: 40 ms of the loop's thread, if it is what the tests before this one have left.
        // Only what the flood itself makes is its concern.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Runtime.InvokeAsync(() => module.CallMethod("set_aside_what_is_there").Dispose());

        // The machine may be busy with something else: what counts is the best of a few attempts.
        double late = double.MaxValue;
        for (int attempt = 0; attempt < 10 && late > 50; attempt++)
        {
            using var flood = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            Task[] posters = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => Flood(flood.Token), TaskCreationOptions.LongRunning))];
            late = await Runtime.Call<double>(module.GetAttr("timers"));
            await flood.CancelAsync();
            await Task.WhenAll(posters);
        }

        using PyObject gc = PyObject.Import("gc");
        await Runtime.InvokeAsync(() => gc.CallMethod("unfreeze").Dispose());
        late.ShouldBeLessThan(50);

        void Flood(CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                // Bounded, or the queue would grow for as long as the test runs.
                Task[] calls = [.. Enumerable.Range(0, 2_000).Select(_ => (Task)Runtime.Call<int>(nothing))];
                Task.WaitAll(calls, CancellationToken.None);
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Code_started_on_the_loop_thread_goes_on_elsewhere()
    {
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);

        (await await Runtime.InvokeAsync(StartedHere)).ShouldNotBe(loopThread);

        static async Task<int> StartedHere()
        {
            await Task.Yield();
            return Environment.CurrentManagedThreadId;
        }
    }

    [ConformanceFact]
    public virtual async Task Await_coro_runs_a_coroutine_from_a_synchronous_function_that_Python_called()
    {
        using IRuntime runtime = Fixture.CreateRuntime();
        PyObject awaitCoroutine = Own(PyFunction.Create("await_coro", arguments =>
        {
            PyObject coroutine = Own(arguments[0]);
            runtime.RunUntilComplete(ct => runtime.IntoFuture(coroutine, ct));
            return null;
        }));
        PyObject awaitCallable = Own(PyFunction.Create("await_coro", arguments =>
        {
            PyObject callable = Own(arguments[0]);
            runtime.RunUntilComplete(ct => runtime.Call(callable, ct: ct));
            return null;
        }));
        using PyObject module = Python("""
            slept = []

            async def py_sleep():
                await asyncio.sleep(0.001)
                slept.append(1)

            async def fail():
                raise ValueError("inside")

            def run(await_coro, await_callable):
                await_coro(py_sleep())
                await_callable(py_sleep)
                await_callable(py_sleep)
                try:
                    await_coro(fail())
                except ValueError as e:
                    return len(slept), str(e)

            async def nested(await_coro):
                coroutine = py_sleep()
                try:
                    await_coro(coroutine)
                except RuntimeError as e:
                    return str(e)
                finally:
                    coroutine.close()
            """);

        (await Task.Run(() => module.GetAttr("run").Call<(int, string)>([awaitCoroutine, awaitCallable])).WaitAsync(Soon)).ShouldBe((3, "inside"));
        (await Runtime.Call<string>(module.GetAttr("nested"), [awaitCoroutine]).WaitAsync(Soon)).ShouldContain("cannot be nested");
    }

    [ConformanceFact]
    public virtual async Task The_loops_of_several_runtimes_live_side_by_side()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();

        PyObject mine = Own(await Runtime.Call(asyncio.GetAttr("get_running_loop")));
        PyObject theirs = Own(await other.Call(asyncio.GetAttr("get_running_loop")));

        mine.Is(theirs).ShouldBeFalse();
        PyObject crossed = Own(await other.Call(Runtime.CaptureContext(), asyncio.GetAttr("get_running_loop")));
        crossed.Is(mine).ShouldBeTrue("an explicit context comes first");
    }
}
