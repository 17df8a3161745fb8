using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Running loops: nested, stopped, flooded, concurrent.
public abstract partial class LoopTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Nested_runs_are_refused()
    {
        PyObject nested = Own(PyFunction.Create("nested", () => Runtime.RunUntilComplete(cancellationToken => Task.CompletedTask)));
        using PyObject module = Python("""
            async def run(f):
                try:
                    f()
                except RuntimeError as e:
                    return str(e)
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [nested])).ShouldContain("IntoFuture");
        Should.Throw<InvalidOperationException>(() => Runtime.RunUntilComplete(cancellationToken => Task.CompletedTask)).Message.ShouldContain("IntoFuture");
        Should.Throw<InvalidOperationException>(() => Runtime.RunForever()).Message.ShouldContain("IntoFuture");

        // A main thread's loop accepts no second main work.
        await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            runtime.RunUntilComplete(async cancellationToken => await Task.Run(
                () => Should.Throw<InvalidOperationException>(() => runtime.RunUntilComplete(cancellationToken => Task.CompletedTask)).Message
                    .ShouldContain("runs on another thread that called RunUntilComplete or RunForever"),
                cancellationToken));
        });
    }

    [ConformanceFact]
    public virtual async Task In_a_plain_function_the_call_lands_on_the_runtimes_own_loop_or_on_the_one_that_runs_there_if_it_has_none()
    {
        await using IRuntime loopless = Fixture.CreateRuntime();
        PyObject Same(IRuntime runtime) => Own(PyFunction.Create("same", _ =>
        {
            using PyObject asyncio = PyObject.Import("asyncio");
            using PyObject running = asyncio.CallMethod("get_running_loop");
            using PyObject found = runtime.GetCurrentLoop().GetPythonLoop();
            return PyObject.From(running.Is(found) && runtime.GetCurrentLoop().IsCurrentThread);
        }));
        using PyObject module = Python("""
            async def call(f):
                return f()

            def elsewhere(f):
                return asyncio.run(call(f))
            """);

        (await Runtime.CallAsync<bool>(module.GetAttr("call"), [Same(Runtime)])).ShouldBeTrue();
        (await Runtime.CallAsync<bool>(module.GetAttr("call"), [Same(loopless)])).ShouldBeTrue();
        (await Task.Run(() => module.GetAttr("elsewhere").Call<bool>([Same(Runtime)]))).ShouldBeFalse();
        (await Task.Run(() => module.GetAttr("elsewhere").Call<bool>([Same(loopless)]))).ShouldBeTrue();
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
                await Runtime.CallAsync<bool>(knows); // Its task may have been created before.
                (await Runtime.CallAsync<bool>(knows)).ShouldBe(on);
            }
        }
        finally
        {
            await Set(before);
        }

        Task<bool> Set(bool on) => Runtime.InvokeAsync(() => debug.Call<bool>([on]));
    }

    [ConformanceFact]
    public virtual async Task A_stopped_loop_of_a_host_continues()
    {
        using PyObject module = Python("""
            async def stop():
                asyncio.get_running_loop().stop()

            async def continued():
                await asyncio.sleep(0.001)
                return "continued"
            """);

        await Runtime.CallAsync(module.GetAttr("stop"));

        (await Runtime.CallAsync<string>(module.GetAttr("continued")).WaitAsync(Soon)).ShouldBe("continued");
        ExpectedReports.Add("stopped the runtime's event loop");
    }

    [ConformanceFact]
    public virtual async Task Under_a_flood_from_four_threads_timers_fire_in_time()
    {
        // Counted in turns of the loop, and in calls within a turn: on a slow machine turns take longer, but their number stays small.
        using PyObject module = Python("""
            calls = 0

            async def nothing():
                global calls
                calls += 1
                return 1

            async def timers():
                loop = asyncio.get_running_loop()
                late = latest = most = 0
                while not calls:
                    await asyncio.sleep(0.001)
                before, due, is_over = calls, float("inf"), False

                def turn():
                    nonlocal late, most, before
                    late += loop.time() >= due
                    most = max(most, calls - before)
                    before = calls
                    if not is_over:
                        loop.call_soon(turn)

                def fire(fired):
                    nonlocal latest, due
                    latest, due = max(latest, late), float("inf")
                    fired.set_result(None)

                turn()
                for _ in range(20):
                    late, due = 0, loop.time() + 0.01
                    fired = loop.create_future()
                    loop.call_at(due, fire, fired)
                    await fired
                is_over = True
                return latest, most
            """);
        using var stop = new CancellationTokenSource();
        PyObject nothing = Own(module.GetAttr("nothing"));
        Task[] posters = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(Flood, TaskCreationOptions.LongRunning))];

        (int turnsLate, int callsInATurn) = await Runtime.CallAsync<(int, int)>(module.GetAttr("timers"));

        await stop.CancelAsync();
        await Task.WhenAll(posters);
        turnsLate.ShouldBeLessThan(4);
        callsInATurn.ShouldBeInRange(1, 3_000);

        void Flood()
        {
            while (!stop.IsCancellationRequested)
            {
                // Bounded, because otherwise the queue would grow as long as the test runs.
                Task[] calls = [.. Enumerable.Range(0, 5_000).Select(_ => (Task)Runtime.CallAsync<int>(nothing))];
                Task.WaitAll(calls, CancellationToken.None);
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Code_started_on_the_loop_thread_continues_on_another_thread()
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
            runtime.RunUntilComplete(cancellationToken => runtime.IntoFuture(coroutine, cancellationToken));
            return null;
        }));
        PyObject awaitCallable = Own(PyFunction.Create("await_coro", arguments =>
        {
            PyObject callable = Own(arguments[0]);
            runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(callable, cancellationToken: cancellationToken));
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
        (await Runtime.CallAsync<string>(module.GetAttr("nested"), [awaitCoroutine]).WaitAsync(Soon)).ShouldContain("cannot be nested");
    }

    [ConformanceFact]
    public virtual async Task The_loops_of_several_runtimes_live_side_by_side()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();

        PyObject mine = Own(await Runtime.CallAsync(asyncio.GetAttr("get_running_loop")));
        PyObject theirs = Own(await other.CallAsync(asyncio.GetAttr("get_running_loop")));

        mine.Is(theirs).ShouldBeFalse();
        PyObject crossed = Own(await other.In(Runtime.CaptureContext()).CallAsync(asyncio.GetAttr("get_running_loop")));
        crossed.Is(mine).ShouldBeTrue("an explicit context comes first");
    }
}
