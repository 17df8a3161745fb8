using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>A coroutine that .NET awaits runs in a task as asyncio creates it, for each way in which the bridge starts it.</summary>
public abstract partial class TaskTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_coroutine_runs_in_a_task_from_its_first_step_on()
    {
        using PyObject module = Python("""
            def look():
                task = asyncio.current_task()
                return isinstance(task, asyncio.Task) and task in asyncio.all_tasks() and not task.done() and task.get_loop() is asyncio.get_running_loop()

            async def at_once():
                return look()

            async def later():
                first = look()
                task = asyncio.current_task()
                await asyncio.sleep(0)
                return first and look() and asyncio.current_task() is task
            """);
        using PyObject atOnce = module.GetAttr("at_once");
        using PyObject later = module.GetAttr("later");

        for (int i = 0; i < 1_000; i++)
        {
            (await Runtime.CallAsync<bool>(atOnce)).ShouldBeTrue();
            (await Runtime.CallAsync<bool>(later)).ShouldBeTrue();
        }
    }

    [ConformanceFact]
    public virtual async Task No_task_is_left_behind_by_coroutines_that_have_ended()
    {
        using PyObject module = Python("""
            async def at_once():
                return 1

            async def turn():
                await asyncio.sleep(0)

            def others():
                return len(asyncio.all_tasks())
            """);
        using PyObject others = module.GetAttr("others");
        for (int i = 0; i < 10; i++)
        {
            await Runtime.CallAsync<int>(module.GetAttr("at_once"));
            (await Runtime.CallAsync(module.GetAttr("turn"))).Dispose();
        }

        await EventuallyAsync(async () => await Runtime.InvokeAsync(() => others.Call([]).As(PyConvert.Int32)) == 0);
    }

    [ConformanceFact]
    public virtual async Task Every_coroutine_has_a_separate_task_name()
    {
        using PyObject module = Python("""
            names = []

            async def name():
                names.append(asyncio.current_task().get_name())
                asyncio.current_task().set_name("mine")

            def result():
                return len(names), len(set(names)), "mine" in names
            """);
        using PyObject name = module.GetAttr("name");
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Runtime.CallAsync(name)));

        (await Runtime.CallAsync<(int, int, bool)>(module.GetAttr("result"))).ShouldBe((1_000, 1_000, false));
    }

    [ConformanceFact]
    public virtual async Task A_task_name_that_other_code_keeps_stays_unchanged()
    {
        using PyObject module = Python("""
            kept = []
            copies = []
            keys = {}

            async def keep():
                kept.append(asyncio.current_task().get_name())
                copies.append(kept[-1] + "!")

            async def look_up():
                keys[asyncio.current_task().get_name()] = None

            async def copy():
                copies.append(asyncio.current_task().get_name() + "!")

            def result():
                return [name + "!" for name in kept] == copies[::2], len(set(copies)), len(keys), len(set(copies) & {key + "!" for key in keys})
            """);
        using PyObject keep = module.GetAttr("keep");
        using PyObject lookUp = module.GetAttr("look_up");
        using PyObject copy = module.GetAttr("copy");
        await Runtime.InvokeAsync(() =>
        {
            // In one burst, so that they are started one after another with nothing in between.
            return Task.WhenAll(Enumerable.Range(0, 500).SelectMany(_ => new[] { Runtime.CallAsync(keep), Runtime.CallAsync(lookUp), Runtime.CallAsync(copy) }));
        }).Unwrap();

        (await Runtime.CallAsync<(bool, int, int, int)>(module.GetAttr("result"))).ShouldBe((true, 1_000, 500, 0));
    }

    [ConformanceFact]
    public virtual async Task A_task_that_other_code_keeps_ends_as_its_coroutine_did()
    {
        using PyObject module = Python("""
            import weakref

            kept = []
            seen = []
            states = weakref.WeakKeyDictionary()

            async def keep(i):
                task = asyncio.current_task()
                kept.append((task, i))
                return i

            async def call_back(i):
                asyncio.current_task().add_done_callback(lambda task: seen.append(task.result()))
                return i

            async def state(i):
                task = asyncio.current_task()
                before = states.get(task)
                states[task] = i
                return before is None

            async def mark(i):
                task = asyncio.current_task()
                before = getattr(task, "mark", None)
                task.mark = i
                return before is None

            def kept_as_expected():
                return all(task.done() and task.result() == i for task, i in kept) and len({id(task) for task, _ in kept}) == len(kept)
            """);
        using PyObject keep = module.GetAttr("keep");
        using PyObject callBack = module.GetAttr("call_back");
        using PyObject state = module.GetAttr("state");
        using PyObject mark = module.GetAttr("mark");
        for (int i = 0; i < 100; i++)
        {
            (await Runtime.CallAsync<int>(keep, [i])).ShouldBe(i);
            (await Runtime.CallAsync<int>(callBack, [i])).ShouldBe(i);
            (await Runtime.CallAsync<bool>(state, [i])).ShouldBeTrue();
            (await Runtime.CallAsync<bool>(mark, [i])).ShouldBeTrue();
        }

        (await Runtime.CallAsync<bool>(module.GetAttr("kept_as_expected"))).ShouldBeTrue();
        await EventuallyAsync(() => Runtime.InvokeAsync(() => module.GetAttr("seen").As(PyConvert.List(PyConvert.Int32)).Count == 100));
    }

    [ConformanceFact]
    public virtual async Task Context_variables_that_a_coroutine_sets_are_gone_with_it()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default=0)

            async def at_once(i):
                before = variable.get()
                variable.set(i)
                return before

            async def later(i):
                before = variable.get()
                variable.set(i)
                await asyncio.sleep(0)
                return before if variable.get() == i else -1
            """);
        using PyObject atOnce = module.GetAttr("at_once");
        using PyObject later = module.GetAttr("later");

        int[] seen = await Task.WhenAll(Enumerable.Range(1, 1_000).Select(i => Runtime.CallAsync<int>(i % 2 == 0 ? atOnce : later, [i])));

        seen.ShouldAllBe(value => value == 0);
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_that_cancels_itself_ends_as_asyncio_has_it()
    {
        // Each runs once by asyncio itself and once by .NET; the two results have to be equal.
        using PyObject module = Python("""
            async def returns():
                asyncio.current_task().cancel()
                return "returned"

            async def fails():
                asyncio.current_task().cancel()
                raise ValueError("failed")

            async def turns():
                asyncio.current_task().cancel()
                await asyncio.sleep(0)
                return "returned"

            async def sleeps():
                asyncio.current_task().cancel()
                await asyncio.sleep(0.001)
                return "returned"

            async def swallows():
                asyncio.current_task().cancel()
                try:
                    await asyncio.sleep(0.001)
                except asyncio.CancelledError:
                    return "swallowed"

            async def awaits_done():
                future = asyncio.get_running_loop().create_future()
                future.set_result("done")
                asyncio.current_task().cancel()
                return await future

            all = [returns, fails, turns, sleeps, swallows, awaits_done]

            async def by_asyncio(f):
                async def quick():
                    return await f()

                try:
                    return await asyncio.get_running_loop().create_task(f())
                except asyncio.CancelledError:
                    return "cancelled"
                except ValueError as e:
                    return str(e)
            """);
        using PyObject byAsyncio = module.GetAttr("by_asyncio");
        foreach (PyObject f in module.GetAttr("all").Items())
        {
            string expected = await Runtime.CallAsync<string>(byAsyncio, [f]);
            string actual;
            try
            {
                actual = await Runtime.CallAsync<string>(f).WaitAsync(Soon);
            }
            catch (OperationCanceledException)
            {
                actual = "cancelled";
            }
            catch (PythonException e)
            {
                actual = e.Value.ToString();
            }

            actual.ShouldBe(expected, f.ToString());
        }
    }

    [ConformanceFact]
    public virtual async Task A_suspended_coroutine_shows_where_it_is()
    {
        using PyObject module = Python("""
            async def waits_for(event):
                await event.wait()

            def look():
                task, = [task for task in asyncio.all_tasks() if "waits_for" in repr(task)]
                frames = task.get_stack()
                return task.get_coro().__qualname__, frames[-1].f_code.co_name, asyncio.iscoroutine(task.get_coro())
            """);
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject gate = await Runtime.InvokeAsync(() => asyncio.CallMethod("Event"));
        Task<PyObject> waiting = Runtime.CallAsync(module.GetAttr("waits_for"), [gate]);
        await Runtime.InvokeAsync(() => true);
        await Runtime.InvokeAsync(() => true);

        (await Runtime.InvokeAsync(() => module.GetAttr("look").Call([]).As<(string, string, bool)>())).ShouldBe(("waits_for", "waits_for", true));

        await Runtime.InvokeAsync(() => gate.CallMethod("set").Dispose());
        (await waiting).Dispose();
    }

    [ConformanceFact]
    public virtual async Task Any_number_of_awaits_may_wait_for_one_future()
    {
        using PyObject module = Python("""
            def make():
                return asyncio.get_running_loop().create_future()
            """);
        using PyObject future = await Runtime.InvokeAsync(() => module.GetAttr("make").Call([]));
        Task<int>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => Runtime.IntoFuture<int>(future))];
        await Runtime.InvokeAsync(() => future.CallMethod("set_result", [7]).Dispose());

        (await Task.WhenAll(waiting)).ShouldAllBe(value => value == 7);
    }
}
