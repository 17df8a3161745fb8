using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Context managers that outlive a method.
public abstract partial class ScopeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_completed_scope_exits_without_an_exception()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            await using (PyScope<int> scope = await Runtime.EnterAsync(() => module.CallMethod(kind, [42]), PyConvert.Int32))
            {
                await Task.Yield();
                scope.Value.ShouldBe(42);
                scope.Token.CanBeCanceled.ShouldBeTrue();
                Log(module).ShouldBe(["enter"], kind);
                scope.Complete();
                scope.Complete();
            }

            Log(module).ShouldBe(["exit: NoneType"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task A_scope_that_is_not_completed_exits_as_abandoned()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            PyObject manager = Own(await Runtime.InvokeAsync(() => module.CallMethod(kind)));

            (await ThrowsAsync<DivideByZeroException>(async () =>
            {
                await using PyScope<PyObject> scope = await Runtime.EnterAsync(manager.Clone);
                throw new DivideByZeroException();
            })).ShouldNotBeNull();

            Log(module).ShouldBe(["enter", "exit: ScopeAbandoned"], kind);
            using PyObject pyasync = PyObject.Import("pyasync");
            using PyObject abandoned = pyasync.GetAttr("ScopeAbandoned");
            using PyObject error = manager.GetAttr("error");
            error.IsInstance(abandoned).ShouldBeTrue();
        }
    }

    [ConformanceFact]
    public virtual async Task The_context_of_a_scope_has_the_variables_that_entering_has_set()
    {
        using PyObject module = Python(Managers);
        using PyObject which = module.GetAttr("which");

        PyScope<PyObject> scope = await Runtime.EnterAsync(() => module.CallMethod("Asynchronous"));
        (await Runtime.In(scope.Context).CallAsync<string>(which)).ShouldBe("inside");
        (await Runtime.In(scope.Context).CallAsync<string>(which)).ShouldBe("inside");
        (await Runtime.CallAsync<string>(which)).ShouldBe("unset");
        scope.Complete();
        await scope.DisposeAsync();

        Log(module).ShouldBe(["enter", "exit: NoneType"]);
    }

    [ConformanceFact]
    public virtual async Task A_scope_that_has_ended_is_refused()
    {
        using PyObject module = Python(Managers);
        PyScope<PyObject> scope = await Runtime.EnterAsync(() => module.CallMethod("Asynchronous", ["value"]));
        PyObject value = scope.Value;
        value.As<string>().ShouldBe("value");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scope.DisposeAsync().AsTask()));
        await scope.DisposeAsync();

        Should.Throw<ObjectDisposedException>(() => scope.Value).Message.ShouldContain("exited");
        Should.Throw<ObjectDisposedException>(scope.Complete);
        Should.Throw<ObjectDisposedException>(() => value.As<string>());
        Log(module).ShouldBe(["enter", "exit: ScopeAbandoned"]);
    }

    [ConformanceFact]
    public virtual async Task Disposing_fails_with_what_the_exit_raises()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            foreach (bool completes in new[] { true, false })
            {
                PyScope<PyObject> scope = await Runtime.EnterAsync(() => module.CallMethod("fails", [kind]));
                if (completes)
                {
                    scope.Complete();
                }

                (await ThrowsAsync<PythonException>(scope.DisposeAsync().AsTask())).TypeName.ShouldBe("builtins.KeyError");
                await scope.DisposeAsync(); // Reported once.
                Log(module).ShouldBe(["enter", completes ? "exit: NoneType" : "exit: ScopeAbandoned"], kind);
            }
        }
    }

    [ConformanceFact]
    public virtual async Task An_abandoned_task_group_cancels_its_children_and_disposing_does_not_fail()
    {
        using PyObject module = Python("""
            ended = []

            async def child(error):
                try:
                    await asyncio.sleep(60)
                finally:
                    ended.append("child")
                    if error:
                        raise ValueError("child")
            """);
        using PyObject asyncio = PyObject.Import("asyncio");
        foreach (bool fails in new[] { false, true })
        {
            PyScope<PyObject> scope = await Runtime.EnterAsync(() => asyncio.CallMethod("TaskGroup"));
            await Runtime.InvokeAsync(() => scope.Value.CallMethod("create_task", [module.CallMethod("child", [fails])]).Dispose());
            await Runtime.IntoFuture(() => asyncio.CallMethod("sleep", [0]));

            Task disposed = scope.DisposeAsync().AsTask();
            if (fails)
            {
                // The group has the child's exception; the one of the scope is left out.
                (await ThrowsAsync<PythonException>(disposed)).Error.Children.ShouldHaveSingleItem().Message.ShouldContain("child");
            }

            await ((Task)Task.WhenAny(disposed)).WaitAsync(Soon);
        }

        module.GetAttr("ended").As<string[]>().ShouldBe(["child", "child"]);
    }

    [ConformanceFact]
    public virtual async Task A_timeout_fires_the_token_of_a_scope_and_disposing_reports_it()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        PyScope<PyObject> scope = await Runtime.EnterAsync(() => asyncio.CallMethod("timeout", [1000]));
        await Runtime.InvokeAsync(() => scope.Value.CallMethod("reschedule", [0]).Dispose());

        await ThrowsAsync<OperationCanceledException>(Task.Delay(Timeout.Infinite, scope.Token));

        await ThrowsAsync<PythonTimeoutException>(scope.DisposeAsync().AsTask());
    }

    [ConformanceFact]
    public virtual async Task A_cancelled_scope_that_is_completed_fails_with_its_token()
    {
        using PyObject module = Python(Managers);
        foreach (bool completes in new[] { true, false })
        {
            PyObject manager = Own(await Runtime.InvokeAsync(() => module.CallMethod("Asynchronous")));
            PyScope<PyObject> scope = await Runtime.EnterAsync(manager.Clone);
            await Runtime.InvokeAsync(() => manager.GetAttr("task").CallMethod("cancel").Dispose());
            await ThrowsAsync<OperationCanceledException>(Task.Delay(Timeout.Infinite, scope.Token));
            Log(module).ShouldBe(["enter"]);
            if (completes)
            {
                scope.Complete();
                (await ThrowsAsync<OperationCanceledException>(scope.DisposeAsync().AsTask())).CancellationToken.ShouldBe(scope.Token);
            }

            await scope.DisposeAsync();
            Log(module).ShouldBe(["exit: CancelledError"]);
        }
    }

    [ConformanceFact]
    public virtual async Task The_token_of_entering_has_no_effect_on_an_entered_scope()
    {
        using PyObject module = Python(Managers);
        using var cts = new CancellationTokenSource();
        PyScope<PyObject> scope = await Runtime.EnterAsync(() => module.CallMethod("Asynchronous"), cts.Token);

        await cts.CancelAsync();
        await Runtime.InvokeAsync(static () => { });

        scope.Token.IsCancellationRequested.ShouldBeFalse();
        scope.Complete();
        await scope.DisposeAsync();
        Log(module).ShouldBe(["enter", "exit: NoneType"]);
    }

    [ConformanceFact]
    public virtual async Task Whenever_a_token_fires_a_manager_is_entered_and_exited_or_neither()
    {
        using PyObject module = Python(Managers);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using var cts = new CancellationTokenSource();
            Task<PyScope<PyObject>> entering = Runtime.EnterAsync(() => module.CallMethod("Asynchronous"), cts.Token);
            for (int turn = 0; turn < i % 10; turn++)
            {
                await Runtime.InvokeAsync(static () => { });
            }

            await cts.CancelAsync();
            await ((Task)Task.WhenAny(entering)).WaitAsync(Soon);
            if (entering.IsCompletedSuccessfully)
            {
                PyScope<PyObject> scope = await entering;
                scope.Token.IsCancellationRequested.ShouldBeFalse();
                scope.Complete();
                await scope.DisposeAsync();
                Log(module).ShouldBe(["enter", "exit: NoneType"]);
            }
            else
            {
                (await ThrowsAsync<OperationCanceledException>(entering)).CancellationToken.ShouldBe(cts.Token);
                string[] log = Log(module);
                if (log.Length > 0)
                {
                    string.Join(", ", log).ShouldBeOneOf("enter, exit: CancelledError", "enter, exit: ScopeAbandoned");
                }
            }
        }
    }

    [ConformanceFact]
    public virtual async Task A_scope_that_is_dropped_is_abandoned()
    {
        using PyObject module = Python(Managers);
        await Drop(Runtime, module);

        await EventuallyAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Runtime.InvokeAsync(() => module.GetAttr("log").CallMethod<int>("__len__") == 2);
        });

        Log(module).ShouldBe(["enter", "exit: ScopeAbandoned"]);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task Drop(IRuntime runtime, PyObject module) => _ = await runtime.EnterAsync(() => module.CallMethod("Asynchronous"));
    }

    [ConformanceFact]
    public virtual async Task Managers_are_freed_when_their_scopes_have_ended()
    {
        using PyObject module = Python(Managers + """


            import gc
            import weakref

            alive = weakref.WeakSet()

            def made(kind):
                manager = globals()[kind]()
                alive.add(manager)
                return manager

            def count():
                gc.collect()
                return len(alive)
            """);
        foreach (string kind in s_kinds)
        {
            await Runtime.UsingAsync(() => module.CallMethod("made", [kind]), static (_, _) => Task.CompletedTask);
            await ThrowsAsync<DivideByZeroException>(Runtime.UsingAsync(() => module.CallMethod("made", [kind]), static async (_, _) =>
            {
                await Task.Yield();
                throw new DivideByZeroException();
            }));
            await ThrowsAsync<PythonException>(Runtime.UsingAsync(
                () => module.CallMethod("made", [kind]), (_, cancellationToken) => Runtime.CallMethodAsync(module, "fail", cancellationToken: cancellationToken)));
            foreach (bool completes in new[] { true, false })
            {
                await using PyScope<PyObject> scope = await Runtime.EnterAsync(() => module.CallMethod("made", [kind]));
                if (completes)
                {
                    scope.Complete();
                }
            }
        }

        await EventuallyAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Runtime.InvokeAsync(() => module.CallMethod<int>("count") == 0);
        });
    }
}
