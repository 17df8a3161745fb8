using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Scopes at the end of a runtime.
public abstract partial class ScopeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task The_end_of_the_runtime_ends_the_code_and_exits()
    {
        using PyObject module = Python(Managers);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task held = runtime.UsingAsync(() => module.CallMethod("Asynchronous"), async (_, cancellationToken) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        await entered.Task.WaitAsync(Soon);
        PyScope<PyObject> scope = await runtime.EnterAsync(() => module.CallMethod("Asynchronous", [PyArgument.Named("name", " of EnterAsync")]));
        Task disposed = DisposeAtTheEnd(scope);

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(held);
        await disposed.WaitAsync(Soon);
        Log(module).Order().ShouldBe(["enter", "enter of EnterAsync", "exit of EnterAsync: CancelledError", "exit: CancelledError"], ignoreOrder: true);
        Should.Throw<ObjectDisposedException>(() => _ = runtime.UsingAsync(() => module.CallMethod("Asynchronous"), MustNotRun));

        static async Task DisposeAtTheEnd(PyScope<PyObject> scope)
        {
            var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = scope.Token.Register(ends.SetResult);
            await ends.Task;
            await scope.DisposeAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_runtime_waits_for_the_clean_up_of_exits()
    {
        using PyObject module = Python("""
            log = []

            class Transaction:
                async def __aenter__(self):
                    return None

                async def __aexit__(self, type, error, traceback):
                    for _ in range(10):
                        await asyncio.sleep(0.001)
                    log.append(type.__name__)
            """);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Tokens that fire at the end, and cascade, cancel what the end of the runtime cancels too.
        Task held = runtime.Spawn(spawned => runtime.UsingAsync(
            () => module.CallMethod("Transaction"),
            (_, outer) => runtime.UsingAsync(
                () => module.CallMethod("Transaction"),
                async (_, inner) =>
                {
                    entered.SetResult();
                    await Task.Delay(Timeout.Infinite, inner);
                },
                outer),
            spawned));
        await entered.Task.WaitAsync(Soon);

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(held.WaitAsync(Soon));
        module.GetAttr("log").As<string[]>().ShouldBe(["CancelledError", "CancelledError"]);
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_runtime_cancels_a_scope()
    {
        using PyObject module = Python(Children);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        var ended = new ConcurrentQueue<string>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = runtime.RunScopeAsync(async scope =>
        {
            await StartEndless(runtime, scope, module, ended);
            begun.SetResult();
            await Endless("the body", ended, scope.Token);
        });
        await begun.Task.WaitAsync(Soon);

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(running.WaitAsync(Soon));
        ended.ShouldBe(["of .NET", "the body"], ignoreOrder: true);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python"]);
        Should.Throw<ObjectDisposedException>(() => _ = runtime.RunScopeAsync(_ => Task.CompletedTask));
    }

    [ConformanceFact]
    public virtual async Task Scopes_work_on_a_loop_that_Python_runs_and_end_with_it()
    {
        using PyObject module = Python(Managers + """


            async def use(f):
                variable.set("of the caller")
                return await f()

            async def leave(f):
                task = asyncio.ensure_future(f())
                while not log:
                    await asyncio.sleep(0)
                return "left"

            def run(main, f, new_loop):
                with asyncio.Runner(loop_factory=new_loop, debug=True) as runner:
                    return runner.run(main(f))
            """);
        PyObject newLoop = Own(PyFunction.Create("new_loop", _ => Fixture.CreateEventLoop().CreateLoop()));
        PyObject use = Function(cancellationToken => Runtime.RunScopeAsync(
            async scope =>
            {
                ScopeChild<string> outside = scope.Start(() => module.CallMethod("which"), PyConvert.String);
                string? inside = await Runtime.UsingAsync(
                    () => module.CallMethod("Asynchronous"), (_, token) => Runtime.CallMethodAsync<string>(module, "which", cancellationToken: token), scope.Token);
                return $"{await outside.Task}, {inside}";
            },
            cancellationToken));
        PyObject endless = Function(cancellationToken => Runtime.UsingAsync(
            () => module.CallMethod("Asynchronous"), async (_, token) => await Task.Delay(Timeout.Infinite, token), cancellationToken));
        for (int i = 0; i < Repetitions.Of(100); i++)
        {
            await Task.Run(() =>
            {
                module.CallMethod<string>("run", [module.GetAttr("use"), use, newLoop]).ShouldBe("of the caller, inside");
                Log(module).ShouldBe(["enter", "exit: NoneType"]);

                module.CallMethod<string>("run", [module.GetAttr("leave"), endless, newLoop]).ShouldBe("left");
                Log(module).ShouldBe(["enter", "exit: CancelledError"]);
            });
        }
    }
}
