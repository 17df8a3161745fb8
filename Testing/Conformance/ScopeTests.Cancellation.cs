using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Cancellation of context managers that .NET code is inside of.
public abstract partial class ScopeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_token_ends_the_code_and_then_exits()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            using var cts = new CancellationTokenSource();
            var cleanedUp = new List<string>();

            OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync(
                () => module.CallMethod(kind),
                async (_, cancellationToken) =>
                {
                    await cts.CancelAsync();
                    try
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                    finally
                    {
                        await Task.Delay(1, CancellationToken.None);
                        cleanedUp.AddRange(Log(module)); // The manager has not been exited yet.
                    }
                },
                cts.Token));

            e.CancellationToken.ShouldBe(cts.Token);
            cleanedUp.ShouldBe(["enter"], kind);
            Log(module).ShouldBe(["exit: CancelledError"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task Code_that_ignores_its_token_is_waited_for_and_its_scope_is_cancelled_all_the_same()
    {
        using PyObject module = Python(Managers);
        using var cts = new CancellationTokenSource();

        OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync<int>(
            () => module.CallMethod("Asynchronous"),
            async (_, cancellationToken) =>
            {
                var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using CancellationTokenRegistration registration = cancellationToken.Register(fired.SetResult);
                await cts.CancelAsync();
                await fired.Task.WaitAsync(Soon, CancellationToken.None);
                return 1;
            },
            cts.Token));

        e.CancellationToken.ShouldBe(cts.Token);
        Log(module).ShouldBe(["enter", "exit: CancelledError"]);
    }

    [ConformanceFact]
    public virtual async Task A_token_that_fires_while_a_manager_is_entered_ends_that()
    {
        using PyObject module = Python(Managers + """


            class Slow(Asynchronous):
                async def __aenter__(self):
                    self.enter()
                    try:
                        await asyncio.sleep(60)
                    finally:
                        log.append("cleaned up")
            """);
        using var cts = new CancellationTokenSource();
        Task scope = Runtime.UsingAsync(() => module.CallMethod("Slow"), MustNotRun, cts.Token);
        await EventuallyAsync(() => Runtime.InvokeAsync(() => module.GetAttr("log").CallMethod<int>("__len__") == 1));

        await cts.CancelAsync();

        (await ThrowsAsync<OperationCanceledException>(scope)).CancellationToken.ShouldBe(cts.Token);
        Log(module).ShouldBe(["enter", "cleaned up"]);
    }

    [ConformanceFact]
    public virtual async Task A_token_that_has_fired_enters_nothing()
    {
        var fired = new CancellationToken(canceled: true);

        (await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync(() => throw new ShouldAssertException("called"), MustNotRun, fired))).CancellationToken.ShouldBe(fired);
        (await ThrowsAsync<OperationCanceledException>(Runtime.EnterAsync(() => throw new ShouldAssertException("called"), fired))).CancellationToken.ShouldBe(fired);
    }

    [ConformanceFact]
    public virtual async Task An_asyncio_timeout_fires_in_the_code()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        bool tokenFired = false;

        await ThrowsAsync<PythonTimeoutException>(Runtime.UsingAsync(() => asyncio.CallMethod("timeout", [1000]), async (limit, cancellationToken) =>
        {
            await Runtime.InvokeAsync(() => limit.CallMethod("reschedule", [0]).Dispose(), CancellationToken.None);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                tokenFired = cancellationToken.IsCancellationRequested;
            }
        }));

        tokenFired.ShouldBeTrue();

        // One that does not fire.
        (await Runtime.UsingAsync(() => asyncio.CallMethod("timeout", [1000]), async (_, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            return "in time";
        })).ShouldBe("in time");
    }

    [ConformanceFact]
    public virtual async Task A_failing_child_of_a_task_group_cancels_the_code()
    {
        using PyObject module = Python("""
            async def fail():
                await asyncio.sleep(0)
                raise ValueError("child")
            """);
        using PyObject asyncio = PyObject.Import("asyncio");

        PythonException e = await ThrowsAsync<PythonException>(Runtime.UsingAsync(() => asyncio.CallMethod("TaskGroup"), async (group, cancellationToken) =>
        {
            (await Runtime.InvokeAsync(() => group.CallMethod("create_task", [module.CallMethod("fail")]), cancellationToken)).Dispose();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));

        e.Error.Children.ShouldHaveSingleItem().Message.ShouldContain("child");
    }

    [ConformanceFact]
    public virtual async Task Cancelling_the_task_that_holds_a_manager_cancels_the_code()
    {
        using PyObject module = Python(Managers);
        PyObject manager = Own(await Runtime.InvokeAsync(() => module.CallMethod("Asynchronous")));

        await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync(manager.Clone, async (_, cancellationToken) =>
        {
            await Runtime.InvokeAsync(() => manager.GetAttr("task").CallMethod("cancel", ["by a test"]).Dispose(), CancellationToken.None);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));

        Log(module).ShouldBe(["enter", "exit: CancelledError"]);
        using PyObject error = manager.GetAttr("error");
        error.Repr().ShouldBe("CancelledError('by a test')");
    }

    [ConformanceFact]
    public virtual async Task Nested_scopes_are_exited_from_the_inside_out()
    {
        using PyObject module = Python(Managers);
        using var cts = new CancellationTokenSource();

        (await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync(
            () => module.CallMethod("Asynchronous", [PyArgument.Named("name", " outer")]),
            (_, outer) => Runtime.UsingAsync(
                () => module.CallMethod("Synchronous", [PyArgument.Named("name", " inner")]),
                async (_, inner) =>
                {
                    await cts.CancelAsync();
                    await Task.Delay(Timeout.Infinite, inner);
                },
                outer),
            cts.Token))).CancellationToken.ShouldBe(cts.Token);

        Log(module).ShouldBe(["enter outer", "enter inner", "exit inner: CancelledError", "exit outer: CancelledError"]);
    }

    [ConformanceFact]
    public virtual async Task Whenever_a_token_fires_each_entered_manager_is_exited_once()
    {
        using PyObject module = Python("""
            import contextlib

            entered = exited = 0

            @contextlib.asynccontextmanager
            async def manager():
                global entered, exited
                await asyncio.sleep(0)
                task = asyncio.current_task()
                entered += 1
                try:
                    yield
                finally:
                    assert asyncio.current_task() is task
                    exited += 1
                    await asyncio.sleep(0)
            """);
        int begun = 0, ended = 0, cancelled = 0, completed = 0;
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using var cts = new CancellationTokenSource();
            int turns = i % 20;
            Task scope = Runtime.UsingAsync(
                () => module.CallMethod("manager"),
                async (_, cancellationToken) =>
                {
                    Interlocked.Increment(ref begun);
                    try
                    {
                        for (int turn = 0; turn < 5; turn++)
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            await Task.Yield();
                        }
                    }
                    finally
                    {
                        Interlocked.Increment(ref ended);
                    }
                },
                cts.Token);
            for (int turn = 0; turn < turns; turn++)
            {
                await Runtime.InvokeAsync(static () => { });
            }

            if (i % 10 == 0)
            {
                await scope.WaitAsync(Soon); // The latest time for a token to fire.
            }

            await cts.CancelAsync();
            await ((Task)Task.WhenAny(scope)).WaitAsync(Soon);
            scope.IsFaulted.ShouldBeFalse();
            _ = scope.IsCanceled ? cancelled++ : completed++;
        }

        ended.ShouldBe(begun);
        (cancelled + completed).ShouldBe(Repetitions.Of(1_000));
        (int entered, int exited) = await Runtime.InvokeAsync(() => (module.GetAttr("entered").As<int>(), module.GetAttr("exited").As<int>()));
        exited.ShouldBe(entered);
        entered.ShouldBeGreaterThanOrEqualTo(begun);
        completed.ShouldBeGreaterThan(0);
    }
}
