using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Groups of work on both sides.
public abstract partial class ScopeTests<TFixture>
{
    private const string Children = """
        import contextvars

        variable = contextvars.ContextVar("variable", default="unset")
        ended = []

        async def child(name, value=None):
            await asyncio.sleep(0.001)
            ended.append(name)
            return value

        async def endless(name, error=None):
            try:
                await asyncio.sleep(1000)
            finally:
                await asyncio.sleep(0.001)
                ended.append(name)
                if error:
                    raise ValueError(error)

        async def turns():
            for _ in range(3):
                await asyncio.sleep(0)

        async def fail(error):
            await asyncio.sleep(0)
            raise ValueError(error)

        async def cancel_itself():
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

        async def leave():
            raise SystemExit(3)
        """;

    [ConformanceFact]
    public virtual async Task A_scope_waits_for_children_of_both_sides()
    {
        using PyObject module = Python(Children);
        var ended = new ConcurrentQueue<string>();

        (Task<int> Python, Task<string> DotNet) children = await Runtime.RunScopeAsync(async scope =>
        {
            await Task.Yield();
            Task<int> python = scope.Start(() => module.CallMethod("child", ["of Python", 42]), PyConvert.Int32).Task;
            scope.Start(() => module.CallMethod("child", ["without a result"]));
            scope.Start(async cancellationToken =>
            {
                await Task.Delay(1, cancellationToken);
                ended.Enqueue("a child");

                // A child may start a child, after the body has ended too.
                scope.Start(async cancellationToken =>
                {
                    await Task.Delay(1, cancellationToken);
                    ended.Enqueue("a grandchild");
                });
            });
            Task<string> dotnet = scope.Start(async cancellationToken =>
            {
                await Task.Delay(1, cancellationToken);
                return "of .NET";
            }).Task;
            return (python, dotnet);
        });

        (children.Python.IsCompletedSuccessfully, children.DotNet.IsCompletedSuccessfully).ShouldBe((true, true));
        (await children.Python, await children.DotNet).ShouldBe((42, "of .NET"));
        ended.ShouldBe(["a child", "a grandchild"]);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python", "without a result"], ignoreOrder: true);
    }

    [ConformanceFact]
    public virtual async Task A_failing_child_cancels_the_others_and_the_body()
    {
        using PyObject module = Python(Children);
        foreach (string failing in new[] { "Python", ".NET" })
        {
            var ended = new ConcurrentQueue<string>();

            TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async scope =>
            {
                await StartEndless(Runtime, scope, module, ended);
                if (failing == "Python")
                {
                    scope.Start(() => module.CallMethod("fail", ["child"]));
                }
                else
                {
                    scope.Start(cancellationToken => Task.FromException(new DivideByZeroException("child")));
                }

                await Endless("the body", ended, scope.Token);
            }));

            e.InnerExceptions.ShouldHaveSingleItem().Message.ShouldContain("child");
            ended.ShouldBe(["of .NET", "the body"], ignoreOrder: true);
        }

        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python", "of Python"]);
    }

    [ConformanceFact]
    public virtual async Task A_failing_body_cancels_the_children()
    {
        using PyObject module = Python(Children);
        var ended = new ConcurrentQueue<string>();
        var thrown = new DivideByZeroException();

        AggregateException e = await ThrowsAsync<AggregateException>(Runtime.RunScopeAsync(async scope =>
        {
            await StartEndless(Runtime, scope, module, ended);
            throw thrown;
        }));

        e.InnerExceptions.ShouldHaveSingleItem().ShouldBeSameAs(thrown);
        ended.ShouldBe(["of .NET"]);
        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python"]);
    }

    [ConformanceFact]
    public virtual async Task All_failures_come_together()
    {
        using PyObject module = Python(Children);

        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async scope =>
        {
            scope.Start(() => module.CallMethod("endless", ["of Python", "while cleaning up"]));
            Task child = scope.Start(async cancellationToken =>
            {
                await Runtime.CallMethodAsync(module, "turns");
                throw new DivideByZeroException();
            }).Task;
            await child; // Fails with the child's exception, which counts once.
        }));

        e.InnerExceptions.Count.ShouldBe(2);
        e.InnerExceptions[0].ShouldBeOfType<DivideByZeroException>();
        e.InnerExceptions[1].ShouldBeOfType<PythonException>().Message.ShouldContain("while cleaning up");
    }

    [ConformanceFact]
    public virtual async Task The_failure_of_the_body_comes_behind_those_of_the_children()
    {
        using PyObject module = Python(Children);

        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async scope =>
        {
            scope.Start(() => module.CallMethod("endless", ["of Python", "while cleaning up"]));
            await Runtime.CallMethodAsync(module, "turns");
            throw new DivideByZeroException();
        }));

        e.InnerExceptions.Count.ShouldBe(2);
        e.InnerExceptions[0].Message.ShouldContain("while cleaning up");
        e.InnerExceptions[1].ShouldBeOfType<DivideByZeroException>();
    }

    [ConformanceFact]
    public virtual async Task A_child_that_is_cancelled_alone_is_no_failure()
    {
        using PyObject module = Python(Children);
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        var ended = new ConcurrentQueue<string>();

        Task[] children = await Runtime.RunScopeAsync(async scope =>
        {
            Task python = scope.Start(() => module.CallMethod("cancel_itself")).Task;
            Task dotnet = scope.Start(cancellationToken => Task.FromException(new OperationCanceledException())).Task;
            await ((Task)Task.WhenAny(python)).WaitAsync(Soon);
            await ((Task)Task.WhenAny(dotnet)).WaitAsync(Soon);
            scope.Token.IsCancellationRequested.ShouldBeFalse();
            await scope.Start(() => module.CallMethod("child", ["after the others"])).Task;
            return new[] { python, dotnet };
        });

        children.ShouldAllBe(child => child.IsCanceled);
    }

    [ConformanceFact]
    public virtual async Task A_child_that_ends_by_a_time_out_is_a_failure()
    {
        foreach (bool inBody in new[] { false, true })
        {
            TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(
                async scope =>
                {
                    Task timedOut = inBody ? TimeOut(scope.Token) : scope.Start(TimeOut).Task;
                    await (inBody ? timedOut : Task.Delay(Timeout.Infinite, scope.Token));
                }));

            e.InnerExceptions.ShouldHaveSingleItem().ShouldBeAssignableTo<OperationCanceledException>();
        }

        static async Task TimeOut(CancellationToken cancellationToken)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(1);
            await Task.Delay(Timeout.Infinite, limit.Token);
        }
    }

    [ConformanceFact]
    public virtual async Task A_token_from_outside_cancels_the_body_and_the_children()
    {
        using PyObject module = Python(Children);
        foreach (bool bodyWaits in new[] { true, false })
        {
            using var cts = new CancellationTokenSource();
            var ended = new ConcurrentQueue<string>();

            OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(Runtime.RunScopeAsync(
                async scope =>
                {
                    await StartEndless(Runtime, scope, module, ended);
                    Task cancelled = cts.CancelAsync();
                    if (bodyWaits)
                    {
                        await cancelled;
                        await Endless("the body", ended, scope.Token);
                    }
                },
                cts.Token));

            e.CancellationToken.ShouldBe(cts.Token);
            ended.ShouldBe(bodyWaits ? ["of .NET", "the body"] : ["of .NET"], ignoreOrder: true);
        }

        module.GetAttr("ended").As<string[]>().ShouldBe(["of Python", "of Python"]);
    }

    [ConformanceFact]
    public virtual async Task A_failure_outweighs_a_cancellation_from_outside()
    {
        using PyObject module = Python(Children);
        using var cts = new CancellationTokenSource();

        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(
            async scope =>
            {
                scope.Start(() => module.CallMethod("endless", ["of Python", "while cleaning up"]));
                await Runtime.CallMethodAsync(module, "turns");
                await cts.CancelAsync();
                await Task.Delay(Timeout.Infinite, scope.Token);
            },
            cts.Token));

        e.InnerExceptions.ShouldHaveSingleItem().Message.ShouldContain("while cleaning up");
    }

    /// <summary>Starts a child of .NET and one of Python, and waits until both have begun.</summary>
    private static async Task StartEndless(IRuntime runtime, TaskScope scope, PyObject module, ConcurrentQueue<string> ended)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scope.Start(cancellationToken =>
        {
            begun.SetResult();
            return Endless("of .NET", ended, cancellationToken);
        });
        scope.Start(() => module.CallMethod("endless", ["of Python"]));
        await begun.Task.WaitAsync(Soon);
        await runtime.CallMethodAsync(module, "turns");
    }

    private static async Task Endless(string name, ConcurrentQueue<string> ended, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            await Task.Delay(1, CancellationToken.None);
            ended.Enqueue(name);
        }
    }
}
