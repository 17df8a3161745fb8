using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Loops that run: nested, stopped, flooded, side by side.
public abstract partial class LoopTests<TFixture>
{
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
    public virtual async Task Debug_mode_may_be_turned_on_and_off_while_the_loop_runs()
    {
        using PyObject module = Python("""
            def debug(on):
                loop = asyncio.get_running_loop()
                before = loop.get_debug()
                loop.set_debug(on)
                return before

            async def knows_where_it_was_made():
                await asyncio.sleep(0)
                return asyncio.current_task()._source_traceback is not None
            """);
        PyObject debug = Own(module.GetAttr("debug"));
        PyObject knows = Own(module.GetAttr("knows_where_it_was_made"));
        bool before = await Set(false);
        try
        {
            foreach (bool on in (bool[])[true, false, true, false])
            {
                await Set(on);
                await Runtime.Call<bool>(knows); // Its task may have been made before.
                (await Runtime.Call<bool>(knows)).ShouldBe(on);
            }
        }
        finally
        {
            await Set(before);
        }

        Task<bool> Set(bool on) => Runtime.InvokeAsync(() => debug.Call<bool>([on]));
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
        for (int attempt = 0; attempt < 5 && late > 50; attempt++)
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
