using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Event loops: which runtime's, where, running, stopped, closed.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class LoopTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
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
        PyObject f = Function(cancellationToken => Task.CompletedTask);

        (await Task.Run(() => module.GetAttr("call").Call<string>([f]))).ShouldBe("no running event loop");
    }

    [ConformanceFact]
    public virtual async Task A_runtime_that_was_never_started_says_what_to_do()
    {
        await using IRuntime runtime = Fixture.CreateRuntime();
        using PyObject asyncio = PyObject.Import("asyncio");

        Should.Throw<NoRunningLoopException>(() => runtime.GetCurrentLoop()).Message.ShouldContain("StartAsync");
        Should.Throw<NoRunningLoopException>(() => { _ = runtime.CallAsync(asyncio.GetAttr("sleep"), [0]); }).Message.ShouldContain("StartAsync");
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
        Should.Throw<EventLoopClosedException>(() => { _ = Runtime.In(context).CallAsync(module.GetAttr("run")); });
        Should.Throw<EventLoopClosedException>(() => { _ = Runtime.In(context).IntoFuture(coroutine); });
        Should.Throw<EventLoopClosedException>(() => context.Loop.Post(() => { }));
        Should.Throw<EventLoopClosedException>(() => Runtime.In(context).FutureIntoPy(cancellationToken => Task.CompletedTask));
        Should.Throw<ObjectDisposedException>(() => { _ = ended.CallAsync(module.GetAttr("run")); });
        module.GetAttr("made").As<int>().ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_loop_that_is_made_but_not_running_takes_requests_and_does_them_when_it_runs()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");

        int result = await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            runtime.RunUntilComplete(cancellationToken => Task.CompletedTask);
            Task<int> queued = Task.Run(() => runtime.CallAsync<int>(sleep, [0.001, 9]));
            SpinWait.SpinUntil(() => queued.Status == TaskStatus.WaitingForActivation, Soon);
            queued.IsCompleted.ShouldBeFalse();
            return runtime.RunUntilComplete(cancellationToken => queued);
        });

        result.ShouldBe(9);
    }

    [ConformanceFact]
    public virtual async Task A_loop_that_never_runs_again_fails_its_requests_when_it_is_closed()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        Task<int>? queued = null;

        await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
            runtime.RunUntilComplete(cancellationToken => Task.CompletedTask);
            queued = runtime.CallAsync<int>(sleep, [60, 9]);
        });

        await ThrowsAsync<Exception>(queued!.WaitAsync(Soon));
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
        PyObject start = Function(async (PyObject f, CancellationToken cancellationToken) =>
        {
            inner = Runtime.CallAsync(f, cancellationToken: CancellationToken.None);
            await Runtime.InvokeAsync(() => true);
            return true;
        });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Function(async cancellationToken =>
        {
            try
            {
                begun.SetResult();
                await Task.Delay(Soon, cancellationToken);
            }
            finally
            {
                cancelled.SetResult();
            }
        });

        (await Task.Run(() => module.GetAttr("run").Call<bool>([start, wait, Function(_ => begun.Task)]))).ShouldBeTrue();

        await ThrowsAsync<EventLoopClosedException>(inner!.WaitAsync(Soon));
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
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        PyObject callBack = CallBack(Runtime);

        bool[] right = await Task.WhenAll(
            [
                .. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => module.GetAttr("run").Call<bool>([callBack, 200]), TaskCreationOptions.LongRunning)),
                Runtime.CallAsync<bool>(module.GetAttr("main"), [callBack, 200]),
                other.CallAsync<bool>(module.GetAttr("main"), [CallBack(other), 200]),
            ]);

        right.ShouldAllBe(each => each);

        PyObject CallBack(IRuntime runtime) => Own(runtime.FunctionIntoPy("call_back", (PyObject f, CancellationToken cancellationToken) => Task.Run(() => runtime.Spawn(async cancellationToken =>
        {
            await Task.Yield();
            return await runtime.CallAsync<(long, long)>(f, cancellationToken: cancellationToken);
        }))));
    }

    [ConformanceFact]
    public virtual async Task The_loop_of_a_call_is_the_given_one_and_else_the_runtimes_own()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject getRunningLoop = asyncio.GetAttr("get_running_loop");
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        EventLoopContext own = Runtime.CaptureContext();
        EventLoopContext elsewhere = other.CaptureContext();
        using PyObject elsewhereLoop = elsewhere.Loop.GetPythonLoop();

        Runtime.GetCurrentLoop().ShouldBe(own.Loop, "the runtime's own");
        elsewhere.Run(() => Runtime.GetCurrentLoop()).ShouldBe(elsewhere.Loop, "a given one before the runtime's own");
        (await Runtime.InvokeAsync(() => elsewhere.Run(() => Runtime.GetCurrentLoop()))).ShouldBe(elsewhere.Loop, "a given one before the loop that runs here");
        (await Runtime.In(elsewhere).InvokeAsync(() => Runtime.GetCurrentLoop())).ShouldBe(own.Loop, "not the loop of another runtime, although it runs here");
        Task<PyObject> call = await Runtime.InvokeAsync(() => Runtime.In(elsewhere).CallAsync(getRunningLoop));
        Own(await call).Is(elsewhereLoop).ShouldBeTrue("a context that the call is given comes first");
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
            await Runtime.Spawn(cancellationToken => Task.FromResult(Current())),
            await Runtime.SpawnPinned(cancellationToken => Task.FromResult(Current())),
            await Runtime.SpawnBlocking(cancellationToken => Current()),
            await Task.Run(() => Current()),
            await Task.Delay(1).ContinueWith(Current, TaskScheduler.Default),
            await FromTimer(),
            await After(Task.Delay(1)),
            await Runtime.Spawn(async cancellationToken => await Task.Run(() => Runtime.Spawn(cancellationToken => Task.FromResult(Current())))),
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
}
