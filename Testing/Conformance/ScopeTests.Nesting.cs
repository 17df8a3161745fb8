using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Groups within groups and within calls from Python.
public abstract partial class ScopeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_group_of_failures_passes_a_manager_as_the_same_exception()
    {
        using PyObject contextlib = PyObject.Import("contextlib");
        TaskScopeException? thrown = null;

        TaskScopeException caught = await ThrowsAsync<TaskScopeException>(Runtime.UsingAsync(() => contextlib.CallMethod("nullcontext"), async (_, cancellationToken) =>
        {
            try
            {
                await Runtime.RunScopeAsync(static scope => Task.FromException(new DivideByZeroException()), cancellationToken);
            }
            catch (TaskScopeException e)
            {
                thrown = e;
                throw;
            }
        }));

        caught.ShouldBeSameAs(thrown);
    }

    [ConformanceFact]
    public virtual async Task A_nested_scope_fails_as_a_group_within_the_outer_group()
    {
        using PyObject module = Python(Children);
        var ended = new ConcurrentQueue<string>();

        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async outer =>
        {
            await StartEndless(Runtime, outer, module, ended);
            await Runtime.RunScopeAsync(
                async inner =>
                {
                    await StartEndless(Runtime, inner, module, ended);
                    await inner.Start(() => module.CallMethod("fail", ["child"])).Task;
                },
                outer.Token);
        }));

        e.InnerExceptions.ShouldHaveSingleItem().ShouldBeOfType<TaskScopeException>().InnerExceptions.ShouldHaveSingleItem().ShouldBeOfType<PythonException>();
        ended.ShouldBe(["of .NET", "of .NET"]);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python", "of Python"]);
    }

    [ConformanceFact]
    public virtual async Task The_failure_of_an_outer_scope_cancels_a_nested_one()
    {
        using PyObject module = Python(Children);
        var ended = new ConcurrentQueue<string>();

        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async outer =>
        {
            await Runtime.RunScopeAsync(
                async inner =>
                {
                    await StartEndless(Runtime, inner, module, ended);
                    outer.Start(() => module.CallMethod("fail", ["child"]));
                    await Endless("the inner body", ended, inner.Token);
                },
                outer.Token);
        }));

        e.InnerExceptions.ShouldHaveSingleItem().Message.ShouldContain("child");
        ended.ShouldBe(["of .NET", "the inner body"], ignoreOrder: true);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python"]);
    }

    [ConformanceFact]
    public virtual async Task The_failure_of_a_scope_is_an_ExceptionGroup_in_Python()
    {
        using PyObject module = Python(Children + """


            async def call(f, several):
                try:
                    await f(several)
                except ExceptionGroup as group:
                    names = [type(e).__name__ for e in group.exceptions]
                    ended.append(f"{type(group).__name__}: {', '.join(names)}")
                    raise
            """);
        TaskScopeException? thrown = null;
        PyObject run = Function(async (bool several, CancellationToken cancellationToken) =>
        {
            try
            {
                await Runtime.RunScopeAsync(
                    async scope =>
                    {
                        scope.Start(() => several ? module.CallMethod("endless", ["", "of a child"]) : module.CallMethod("turns"));
                        await Runtime.CallMethodAsync(module, "turns");
                        throw new KeyNotFoundException("of the body");
                    },
                    cancellationToken);
            }
            catch (TaskScopeException e)
            {
                thrown = e;
                throw;
            }

            return true;
        });

        foreach (bool several in new[] { false, true })
        {
            (await ThrowsAsync<TaskScopeException>(Runtime.CallMethodAsync(module, "call", [run, several]))).ShouldBeSameAs(thrown);
            module.GetAttr("ended").As<string[]>()[^1].ShouldBe(several ? "ExceptionGroup: ValueError, KeyError" : "ExceptionGroup: KeyError");
        }
    }

    [ConformanceFact]
    public virtual async Task A_time_out_in_Python_cancels_a_scope_that_it_awaits()
    {
        using PyObject module = Python(Children + """


            async def call(f):
                async with asyncio.timeout(None) as limit:
                    await f(lambda: limit.reschedule(0))
            """);
        var ended = new ConcurrentQueue<string>();
        PyObject run = Function(async (PyObject expire, CancellationToken cancellationToken) =>
        {
            await Runtime.RunScopeAsync(
                async scope =>
                {
                    await StartEndless(Runtime, scope, module, ended);
                    await Runtime.CallAsync(expire, cancellationToken: CancellationToken.None);
                    await Endless("the body", ended, scope.Token);
                },
                cancellationToken);
            return true;
        });

        await ThrowsAsync<PythonTimeoutException>(Runtime.CallMethodAsync(module, "call", [run]));

        ended.ShouldBe(["of .NET", "the body"], ignoreOrder: true);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python"]);
    }

    [ConformanceFact]
    public virtual async Task Children_run_in_the_context_of_the_code_that_starts_them()
    {
        using PyObject module = Python(Managers);
        using PyObject which = module.GetAttr("which");

        string[] seen = await Runtime.RunScopeAsync(async scope =>
        {
            Task<string> outside = scope.Start(() => which.Call(), PyConvert.String).Task;
            Task<string>? inside = null;
            Task<string>? nested = null;
            await Runtime.UsingAsync(() => module.CallMethod("Asynchronous"), async (_, _) =>
            {
                await Task.Yield();
                inside = scope.Start(() => which.Call(), PyConvert.String).Task;
                nested = scope.Start(cancellationToken => Runtime.CallAsync<string>(which, cancellationToken: cancellationToken)).Task;
            });
            return new[] { await outside, await inside!, await nested! };
        });

        seen.ShouldBe(["unset", "inside", "inside"]);
    }

    [ConformanceFact]
    public virtual async Task An_exit_in_a_child_leaves_the_scope_alone_after_the_others_have_ended()
    {
        using PyObject module = Python(Children);
        var ended = new ConcurrentQueue<string>();

        PythonException e = await ThrowsAsync<PythonException>(Runtime.RunScopeAsync(async scope =>
        {
            await StartEndless(Runtime, scope, module, ended);
            scope.Start(() => module.CallMethod("leave"));
        }));

        e.Error.ExitCode.ShouldBe(3);
        ended.ShouldBe(["of .NET"]);
    }

    [ConformanceFact]
    public virtual async Task A_callback_on_the_token_that_fails_is_a_failure_of_the_scope()
    {
        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async scope =>
        {
            scope.Token.Register(() => throw new DivideByZeroException());
            await Task.Yield();
            throw new KeyNotFoundException();
        }));

        e.InnerExceptions.Count.ShouldBe(2);
        e.Flatten().InnerExceptions.ShouldContain(failure => failure is DivideByZeroException);
    }

    [ConformanceFact]
    public virtual async Task Whenever_a_child_fails_or_a_token_fires_all_children_have_ended_with_the_scope()
    {
        using PyObject module = Python("""
            begun = ended = 0

            async def child():
                global begun, ended
                begun += 1
                try:
                    for _ in range(5):
                        await asyncio.sleep(0)
                finally:
                    ended += 1
            """);
        int begun = 0, ended = 0;
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using var cts = new CancellationTokenSource();
            bool fails = i % 3 == 0, isCancelled = i % 3 == 1;
            int turns = i % 7;
            Task running = Runtime.RunScopeAsync(
                async scope =>
                {
                    for (int child = 0; child < 3; child++)
                    {
                        scope.Start(Child);
                        scope.Start(() => module.CallMethod("child"));
                    }

                    for (int turn = 0; turn < turns; turn++)
                    {
                        await Task.Yield();
                    }

                    if (fails)
                    {
                        throw new DivideByZeroException();
                    }

                    if (isCancelled)
                    {
                        await cts.CancelAsync();
                    }
                },
                cts.Token);

            await ((Task)Task.WhenAny(running)).WaitAsync(Soon);
            (running.IsFaulted, running.IsCanceled).ShouldBe((fails, isCancelled && running.IsCanceled));
            Volatile.Read(ref ended).ShouldBe(Volatile.Read(ref begun));
            (int begunInPython, int endedInPython) = await Runtime.InvokeAsync(() => (module.GetAttr("begun").As<int>(), module.GetAttr("ended").As<int>()));
            endedInPython.ShouldBe(begunInPython);
        }

        begun.ShouldBeGreaterThan(0);

        async Task Child(CancellationToken cancellationToken)
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
        }
    }
}
