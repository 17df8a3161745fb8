using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;

namespace PyAsync.Tests.OnLoopThread;

/// <summary>Code that runs on the loop's own thread.</summary>
public sealed class LoopLaneTests(LoopThreadFixture fixture) : ConformanceTests<LoopThreadFixture>(fixture)
{
    private const string Functions = """
        import contextvars

        variable = contextvars.ContextVar("variable", default="none")

        async def one():
            return 1

        async def turn():
            await asyncio.sleep(0)
            return 1

        async def fail():
            raise ValueError("as asked")

        async def fail_later():
            await asyncio.sleep(0)
            raise ValueError("as asked")

        async def read():
            return variable.get()

        async def with_variable(value, f):
            variable.set(value)
            return await f()

        async def note(order, item):
            order.append(item)

        async def wait(event):
            try:
                await event.wait()
            finally:
                await asyncio.sleep(0)
        """;

    /// <summary>The context of the code says that it runs on the loop's thread; after the code has moved to another thread, it does not.</summary>
    [ConformanceFact]
    public async Task Code_that_has_left_the_loop_thread_calls_from_where_it_is()
    {
        using PyObject module = Python(Functions);
        PyObject one = Own(module.GetAttr("one"));

        await Runtime.Spawn(async _ =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                bool isOnPool = await Task.Run(async () =>
                {
                    (await Runtime.CallAsync<int>(one).ConfigureAwait(false)).ShouldBe(1);
                    return Thread.CurrentThread.IsThreadPoolThread;
                }).ConfigureAwait(i % 2 == 0);
                isOnPool.ShouldBeTrue();
                (await Runtime.CallAsync<int>(one)).ShouldBe(1);
            }
        });
    }

    [ConformanceFact]
    public async Task An_await_of_a_coroutine_that_finishes_at_once_does_not_leave_the_method()
    {
        using PyObject module = Python(Functions);
        PyObject one = Own(module.GetAttr("one"));

        // asyncio starts a task in the loop's next turn, unless it is eager, which no task is in debug mode.
        bool startsAtOnce = PythonInterpreter.Current.Installation.Version.Minor >= 12 && Fixture.CreateOptions().Debug != true;

        // Finalisers of earlier tests' objects wake the loop for every thousand references, and those wake-ups come first.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Runtime.InvokeAsync(() => true);

        await Runtime.Spawn(async cancellationToken =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Task<int> call = Runtime.CallAsync<int>(one);
                call.IsCompletedSuccessfully.ShouldBe(startsAtOnce);
                (await call).ShouldBe(1);
            }
        });
    }

    [ConformanceFact]
    public async Task An_await_of_a_coroutine_that_suspends_comes_back_on_the_loops_thread()
    {
        using PyObject module = Python(Functions);
        PyObject turn = Own(module.GetAttr("turn"));
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);

        await Runtime.Spawn(async cancellationToken =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Environment.CurrentManagedThreadId.ShouldBe(loopThread);
                Task<int> call = Runtime.CallAsync<int>(turn, cancellationToken: cancellationToken);
                call.IsCompleted.ShouldBeFalse();
                (await call).ShouldBe(1);
            }

            await Task.Yield();
            Environment.CurrentManagedThreadId.ShouldBe(loopThread);
            await Task.Delay(1, cancellationToken);
            Environment.CurrentManagedThreadId.ShouldBe(loopThread);
        });
    }

    [ConformanceFact]
    public async Task Failures_come_at_once_or_later_as_they_happen()
    {
        using PyObject module = Python(Functions);
        PyObject fail = Own(module.GetAttr("fail"));
        PyObject failLater = Own(module.GetAttr("fail_later"));

        await Runtime.Spawn(async cancellationToken =>
        {
            (await ThrowsAsync<PythonException>(Runtime.CallAsync(fail))).Message.ShouldContain("as asked");
            (await ThrowsAsync<PythonException>(Runtime.CallAsync(failLater))).Message.ShouldContain("as asked");
            await ThrowsAsync<PythonTypeErrorException>(Runtime.IntoFuture(() => PyObject.From(1)));
        });
    }

    [ConformanceFact]
    public async Task A_token_cancels_what_suspends_and_starts_nothing_when_it_has_fired()
    {
        using PyObject module = Python(Functions);
        PyObject wait = Own(module.GetAttr("wait"));
        PyObject note = Own(module.GetAttr("note"));

        await Runtime.Spawn(async _ =>
        {
            using PyObject asyncio = PyObject.Import("asyncio");
            using PyObject never = asyncio.CallMethod("Event");
            using PyObject order = PyObject.From<List<string>>([]);
            using var cts = new CancellationTokenSource();
            Task<PyObject> waiting = Runtime.CallAsync(wait, [never], cts.Token);
            await cts.CancelAsync();
            (await ThrowsAsync<OperationCanceledException>(waiting)).CancellationToken.ShouldBe(cts.Token);
            await ThrowsAsync<OperationCanceledException>(Runtime.CallAsync(note, [order, "started"], cts.Token));
            order.As<List<string>>().ShouldBeEmpty();
        });
    }

    [ConformanceFact]
    public async Task Requests_start_in_their_order_also_when_some_wait_in_the_inbox()
    {
        using PyObject module = Python(Functions);
        PyObject note = Own(module.GetAttr("note"));
        using PyObject order = PyObject.From<List<int>>([]);

        for (int round = 0; round < 1_000; round++)
        {
            int first = round * 2;
            await Runtime.Spawn(async cancellationToken =>
            {
                // Posted, not begun: the following code must not overtake it.
                Task queued = Runtime.InvokeAsync(() => order.CallMethod("append", [first]).Dispose(), cancellationToken);
                (await Runtime.CallAsync(note, [order, first + 1])).Dispose();
                await queued;
            });
        }

        order.As<List<int>>().ShouldBe(Enumerable.Range(0, 2_000));
    }

    [ConformanceFact]
    public async Task Context_variables_of_the_caller_are_there_also_after_awaits()
    {
        using PyObject module = Python(Functions);
        PyObject read = Own(module.GetAttr("read"));
        PyObject turn = Own(module.GetAttr("turn"));
        PyObject f = Function(async cancellationToken =>
        {
            string before = await Runtime.CallAsync<string>(read);
            (await Runtime.CallAsync<int>(turn)).ShouldBe(1);
            await Task.Yield();
            return before + " " + await Runtime.CallAsync<string>(read);
        });

        string[] seen = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Runtime.CallAsync<string>(module.GetAttr("with_variable"), [$"v{i}", f])));

        seen.ShouldBe(Enumerable.Range(0, 100).Select(i => $"v{i} v{i}"));
        (await Runtime.CallAsync<string>(read)).ShouldBe("none");
    }

    [ConformanceFact]
    public async Task A_task_factory_makes_the_tasks_of_calls_from_the_moment_it_is_set()
    {
        using PyObject module = Python("""
            made = []

            def factory(loop, coroutine, **kwargs):
                made.append(coroutine.__name__)
                return asyncio.Task(coroutine, loop=loop, **kwargs)

            async def use(factory):
                asyncio.get_running_loop().set_task_factory(factory)

            async def one():
                return len(made)
            """);
        PyObject one = Own(module.GetAttr("one"));
        PyObject use = Own(module.GetAttr("use"));

        List<int> made = await Runtime.Spawn(async _ =>
        {
            List<int> seen = [];
            for (int i = 0; i < 100; i++)
            {
                seen.Add(await Runtime.CallAsync<int>(one));
                await Runtime.CallAsync(use, [module.GetAttr("factory")]);
                seen.Add(await Runtime.CallAsync<int>(one));
                await Runtime.CallAsync(use, [PyObject.None]);
            }

            return seen;
        });

        // The factory makes the tasks of the second call of one(), and of the second call of use().
        made.ShouldBe(Enumerable.Range(0, 100).SelectMany(static i => (int[])[2 * i, (2 * i) + 1]));
    }

    [ConformanceFact]
    public async Task Tasks_that_are_started_while_a_task_starts_get_their_own_coroutines()
    {
        using PyObject module = Python("""
            async def nested(f, depth, fails):
                inner = await f(depth - 1, fails) if depth else 0
                if fails and depth % 3 == 2:
                    raise ValueError(depth)
                await asyncio.sleep(0)
                return inner + depth
            """);
        PyObject nested = Own(module.GetAttr("nested"));
        PyObject? f = null;
        f = Own(Runtime.FunctionIntoPy("call", async (int depth, bool fails) =>
        {
            try
            {
                return await Runtime.CallAsync<int>(nested, [f, depth, fails]);
            }
            catch (PythonException)
            {
                return 1_000;
            }
        }));

        (await Runtime.CallAsync<int>(nested, [f, 10, false])).ShouldBe(55);

        // Depths 2, 5 and 8 raise, and their callers take 1,000 instead.
        (await Runtime.CallAsync<int>(nested, [f, 10, true])).ShouldBe(1_000 + 9 + 10);
    }

    [ConformanceFact]
    public async Task Blocking_for_the_loop_is_refused()
    {
        using PyObject module = Python(Functions);
        PyObject turn = Own(module.GetAttr("turn"));
        ExpectedReports.Add("the wait is refused");

        await ThrowsAsync<LoopBlockedException>(Runtime.Spawn(async cancellationToken =>
        {
            Runtime.CallAsync<int>(turn).GetAwaiter().GetResult();
            await Task.Yield();
        }));
    }

    [ConformanceFact]
    public async Task Work_that_outlives_the_loop_continues_on_the_pool()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IRuntime other = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        await other.StartAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> stubborn = other.Spawn(async cancellationToken =>
        {
            begun.SetResult();
            await release.Task;
            return Thread.CurrentThread.IsThreadPoolThread;
        });
        await begun.Task.WaitAsync(Soon);
        await other.DisposeAsync();

        release.SetResult();

        (await stubborn.WaitAsync(Soon)).ShouldBeTrue();
        ExpectedReports.Add("without waiting longer");
    }
}
