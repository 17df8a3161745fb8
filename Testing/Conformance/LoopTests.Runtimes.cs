using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Several runtimes in one process: a runtime's calls never land on another runtime's loop.
public abstract partial class LoopTests<TFixture>
{
    private const string WhereSource = """
        import contextvars, threading

        variable = contextvars.ContextVar("variable", default="unset")

        async def where():
            await asyncio.sleep(0)
            return asyncio.get_running_loop()

        async def read():
            return variable.get()

        async def wait_for(f, *arguments):
            variable.set("caller's")
            return await f(*arguments)

        async def call(f, *arguments):
            variable.set("caller's")
            return f(*arguments)

        def call_now(f, *arguments):
            return f(*arguments)

        def run(f, *arguments):
            return asyncio.run(wait_for(f, *arguments))

        def run_plain(f, *arguments):
            return asyncio.run(call(f, *arguments))
        """;

    [ConformanceFact]
    public virtual async Task Two_runtimes_that_call_each_other_from_main_work_each_use_their_own_loop()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        bool[] right = await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime first = Fixture.CreateRuntime();
            return first.RunUntilComplete(async cancellationToken =>
            {
                await using IRuntime second = Fixture.CreateRuntime();
                await second.StartAsync(cancellationToken);
                return new[]
                {
                    await IsOn(first, first, where),
                    await IsOn(second, second, where),
                    await second.Spawn(t => IsOn(second, second, where), cancellationToken),
                    await second.Spawn(t => IsOn(first, first, where), cancellationToken),
                    await first.Spawn(t => IsOn(second, second, where), cancellationToken),
                    await second.SpawnBlocking(t => IsOn(second, second, where).GetAwaiter().GetResult(), cancellationToken),
                    await second.SpawnPinned(t => IsOn(first, first, where), cancellationToken),
                    first.GetCurrentLoop() != second.GetCurrentLoop() && second.CaptureContext().Loop == second.GetCurrentLoop(),
                };
            });
        });

        right.ShouldAllBe(each => each);
    }

    [ConformanceFact]
    public virtual async Task Two_runtimes_that_call_each_other_from_callbacks_each_use_their_own_loop()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        IRuntime[] both = [Runtime, other];
        for (int i = 0; i < Repetitions.Of(1_000) / 20; i++)
        {
            foreach (IRuntime caller in both)
            {
                foreach (IRuntime ofFunction in both)
                {
                    PyObject f = Own(ofFunction.FunctionIntoPy("f", async cancellationToken =>
                        await IsOn(Runtime, Runtime, where) && await IsOn(other, other, where) && await other.Spawn(_ => IsOn(Runtime, Runtime, where), cancellationToken)));
                    (await caller.CallAsync<bool>(module.GetAttr("wait_for"), [f])).ShouldBeTrue();
                }

                PyObject plain = Own(PyFunction.Create("plain", _ => PyObject.From(
                    Runtime.GetCurrentLoop() == Runtime.CaptureContext().Loop && Runtime.GetCurrentLoop() != other.GetCurrentLoop())));
                (await caller.CallAsync<bool>(module.GetAttr("call"), [plain])).ShouldBeTrue();
            }
        }
    }

    [ConformanceFact]
    public virtual async Task A_runtime_that_is_reached_by_way_of_another_one_keeps_to_its_loop()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();

        (await Runtime.Spawn(cancellationToken => other.Spawn(cancellationToken => IsOn(Runtime, Runtime, where), cancellationToken))).ShouldBeTrue();
        (await Runtime.Spawn(cancellationToken => other.Spawn(cancellationToken => Runtime.Spawn(cancellationToken => IsOn(other, other, where), cancellationToken), cancellationToken))).ShouldBeTrue();
        (await Runtime.InvokeAsync(() => other.Spawn(cancellationToken => IsOn(Runtime, Runtime, where))).Unwrap()).ShouldBeTrue();
        (await Runtime.InvokeAsync(() => other.InvokeAsync(() => Runtime.GetCurrentLoop())).Unwrap()).ShouldBe(Runtime.GetCurrentLoop());
    }

    [ConformanceFact]
    public virtual async Task A_continuation_that_runs_inline_on_another_loops_thread_keeps_its_own_loop()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        PyObject read = Own(module.GetAttr("read"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        for (int i = 0; i < Repetitions.Of(1_000) / 20; i++)
        {
            var gate = new TaskCompletionSource();
            PyObject open = Own(PyFunction.Create("open", () => gate.SetResult()));
            Task<(bool, string)> awaited = Runtime.Spawn(async cancellationToken =>
            {
                await gate.Task.ConfigureAwait(false);
                return (await IsOn(Runtime, Runtime, where), await Runtime.CallAsync<string>(read, cancellationToken: cancellationToken));
            });
            Task<(bool, string)> continued = Runtime.Spawn(cancellationToken => gate.Task.ContinueWith(
                async _ => (await IsOn(Runtime, Runtime, where), await Runtime.CallAsync<string>(read, cancellationToken: cancellationToken)),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default).Unwrap());
            await other.CallAsync(module.GetAttr("call"), [open]);

            // Nor does it see the context variables of the code that completed the task.
            (await awaited.WaitAsync(Soon)).ShouldBe((true, "unset"));
            (await continued.WaitAsync(Soon)).ShouldBe((true, "unset"));
        }
    }

    [ConformanceFact]
    public virtual async Task A_call_to_another_runtime_keeps_the_context_variables_and_the_ExecutionContext()
    {
        using PyObject module = Python(WhereSource);
        PyObject read = Own(module.GetAttr("read"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        var local = new AsyncLocal<string?>();
        PyObject readLocal = Own(PyFunction.Create("read_local", _ => PyObject.From(local.Value)));
        EventLoopContext? captured = null;
        PyObject f = Own(Runtime.FunctionIntoPy("f", async cancellationToken =>
        {
            local.Value = "local";
            captured = other.CaptureContext();
            string[] seen =
            [
                await other.CallAsync<string>(read, cancellationToken: cancellationToken),
                await other.Spawn(t => other.CallAsync<string>(read, cancellationToken: t), cancellationToken),
                await other.Spawn(t => Runtime.CallAsync<string>(read, cancellationToken: t), cancellationToken),
                await other.CallAsync<string>(module.GetAttr("call"), [readLocal], cancellationToken),
            ];
            return string.Join(", ", seen);
        }));
        Task<string>? called = null;
        PyObject plain = Own(PyFunction.Create("plain", () => called = other.CallAsync<string>(read)));

        (await Runtime.CallAsync<string>(module.GetAttr("wait_for"), [f])).ShouldBe("caller's, caller's, caller's, local");
        captured!.Loop.ShouldBe(other.GetCurrentLoop());
        (await other.In(captured).CallAsync<string>(read)).ShouldBe("caller's");
        await Runtime.CallAsync(module.GetAttr("call"), [plain]);
        (await called!).ShouldBe("caller's");
    }

    [ConformanceFact]
    public virtual async Task A_stream_stays_on_the_loop_where_it_began()
    {
        using PyObject module = Python(WhereSource + """


            async def loops():
                for _ in range(3):
                    yield asyncio.get_running_loop()
                    await asyncio.sleep(0)
            """);
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        using PyObject own = Runtime.GetCurrentLoop().GetPythonLoop();
        IAsyncEnumerator<PyObject> loops = await other.Spawn(cancellationToken => Task.FromResult(
            Runtime.IntoAsyncEnumerable<PyObject>(() => module.CallMethod("loops")).GetAsyncEnumerator(CancellationToken.None)));
        for (int i = 0; i < 3; i++)
        {
            (await (i % 2 == 0 ? Runtime : other).Spawn(cancellationToken => loops.MoveNextAsync().AsTask())).ShouldBeTrue();
            Own(loops.Current).Is(own).ShouldBeTrue();
        }

        (await loops.MoveNextAsync()).ShouldBeFalse();
        await loops.DisposeAsync();
    }

    [ConformanceFact]
    public virtual async Task What_Python_calls_binds_to_the_loop_that_runs_there_whichever_runtime_made_it()
    {
        using PyObject module = Python(WhereSource);
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        PyObject inPlain = Own(PyFunction.Create("in_plain", _ => other.FutureIntoPy<int>(async cancellationToken =>
        {
            await Task.Yield();
            return 3;
        })));
        PyObject started = Own(PyFunction.Create("started", _ => other.FutureIntoPy(Task.Delay(1).ContinueWith(_ => 4, TaskScheduler.Default))));

        (await Runtime.CallAsync<int>(module.GetAttr("wait_for"), [inPlain])).ShouldBe(3);
        (await Runtime.CallAsync<int>(module.GetAttr("wait_for"), [started])).ShouldBe(4);
        (await Task.Run(() => module.GetAttr("run").Call<int>([inPlain]))).ShouldBe(3);
    }

    private static Task<bool> IsOn(IRuntime runtime, IRuntime expected, PyObject where) => IsOn(runtime, expected.GetCurrentLoop(), where);

    private static async Task<bool> IsOn(IRuntime runtime, EventLoop expected, PyObject where)
    {
        using PyObject loop = expected.GetPythonLoop();
        using PyObject seen = await runtime.CallAsync(where);
        return seen.Is(loop);
    }
}
