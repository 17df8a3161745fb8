using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// A runtime with a given context.
public abstract partial class LoopTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Every_conversion_takes_a_context()
    {
        using PyObject module = Python("""
            async def running():
                return asyncio.get_running_loop()

            def running_now():
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
        using PyObject loop = context.Loop.GetPythonLoop();
        PyObject get = Own(module.GetAttr("get"));
        using PyObject coroutine = module.CallMethod("running");
        PyObject[] loops =
        [
            await Runtime.In(context).CallAsync(module.GetAttr("running")),
            await Runtime.In(context).IntoFuture(() => module.CallMethod("running")),
            await Runtime.In(context).IntoFuture(coroutine),
            await Runtime.In(context).InvokeAsync(() => module.CallMethod("running_now")),
            await Runtime.In(context).IntoAsyncEnumerable<PyObject>(() => module.CallMethod("generator")).SingleAsync(),
        ];
        loops.ShouldAllBe(seen => Own(seen).Is(loop));

        // An object that was made for a loop can be awaited only there.
        async Task<int> Work(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return 4;
        }

        PyObject[] awaitables =
        [
            Runtime.In(context).FutureIntoPy(Work),
            Runtime.In(context).FutureIntoPy(Work(CancellationToken.None)),
            Runtime.In(context).FutureIntoPy(new ValueTask<int>(Work(CancellationToken.None))),
        ];
        foreach (PyObject awaitable in awaitables)
        {
            (await other.CallAsync<int>(get, [Own(awaitable)])).ShouldBe(4);
        }

        using PyObject items = Runtime.In(context).AsyncEnumerableIntoPy(new[] { 1, 2 }.ToAsyncEnumerable());
        (await other.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBe([1, 2]);
    }

    [ConformanceFact]
    public virtual async Task A_runtime_in_a_context_shares_all_but_the_context()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def main(capture):
                variable.set("given")
                capture()

            async def read():
                return variable.get()
            """);
        PyObject read = Own(module.GetAttr("read"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext? captured = null;
        PyObject capture = Own(PyFunction.Create("capture", () => captured = other.CaptureContext()));
        await other.CallAsync(module.GetAttr("main"), [capture]);
        EventLoopContext context = captured.ShouldNotBeNull();
        IRuntime given = Runtime.In(context);

        given.Name.ShouldBe(Runtime.Name);
        given.GetCurrentLoop().ShouldBe(context.Loop);
        given.CaptureContext().Loop.ShouldBe(context.Loop);
        (await Runtime.In(given.CaptureContext()).CallAsync<string>(read)).ShouldBe("given", "CaptureContext keeps the given variables");
        (await given.Spawn(async _ => (Runtime.GetCurrentLoop(), await Runtime.CallAsync<string>(read)))).ShouldBe((context.Loop, "given"));
        (await given.SpawnBlocking(_ => (Runtime.GetCurrentLoop(), Runtime.CallAsync<string>(read).GetAwaiter().GetResult()))).ShouldBe((context.Loop, "given"));
        (await given.SpawnPinned(async _ => (Runtime.GetCurrentLoop(), await Runtime.CallAsync<string>(read)))).ShouldBe((context.Loop, "given"));
        given.In(Runtime.CaptureContext()).GetCurrentLoop().ShouldBe(Runtime.GetCurrentLoop(), "a second context replaces the first");
        Runtime.GetCurrentLoop().ShouldNotBe(context.Loop, "the runtime itself has not changed");
    }

    [ConformanceFact]
    public virtual async Task A_runtime_in_a_context_is_neither_started_nor_run_nor_ended()
    {
        using PyObject module = Python("""
            async def answer():
                return 42
            """);
        IRuntime given = Runtime.In(Runtime.CaptureContext());

        Should.Throw<InvalidOperationException>(() => { _ = given.StartAsync(); }).Message.ShouldContain("StartAsync");
        Should.Throw<InvalidOperationException>(() => given.RunUntilComplete(_ => Task.FromResult(1))).Message.ShouldContain("RunUntilComplete");
        Should.Throw<InvalidOperationException>(() => given.RunForever()).Message.ShouldContain("RunForever");
        given.Dispose();
        await given.DisposeAsync();
        (await given.CallAsync<int>(module.GetAttr("answer"))).ShouldBe(42);
        (await Runtime.CallAsync<int>(module.GetAttr("answer"))).ShouldBe(42);
    }

    [ConformanceFact]
    public virtual async Task A_function_of_a_runtime_in_a_context_belongs_to_that_loop()
    {
        using PyObject module = Python("""
            async def get(awaitable):
                return await awaitable

            async def call(f):
                return f(5)
            """);
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext context = other.CaptureContext();
        using PyObject twice = Runtime.In(context).FunctionIntoPy("twice", async (int x, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            return (x * 2) + (Runtime.GetCurrentLoop() == context.Loop ? 0 : 1);
        });

        using PyObject awaitable = await Runtime.CallAsync(module.GetAttr("call"), [twice]);
        (await other.CallAsync<int>(module.GetAttr("get"), [awaitable])).ShouldBe(10);
    }

    [ConformanceFact]
    public virtual async Task A_closed_loop_refuses_what_is_spawned_for_it()
    {
        IRuntime ended = Fixture.CreateRuntime();
        await ended.StartAsync();
        IRuntime given = Runtime.In(ended.CaptureContext());
        await ended.DisposeAsync();

        Should.Throw<EventLoopClosedException>(() => { _ = given.Spawn(_ => Task.CompletedTask); });
        Should.Throw<EventLoopClosedException>(() => { _ = given.SpawnBlocking(_ => { }); });
        Should.Throw<EventLoopClosedException>(() => { _ = given.SpawnPinned(_ => Task.CompletedTask); });
        Should.Throw<EventLoopClosedException>(() => given.GetCurrentLoop());
        Should.Throw<EventLoopClosedException>(() => given.CaptureContext());
    }
}
