using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Children that start late.
public abstract partial class ScopeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_scope_that_has_ended_starts_no_child()
    {
        using PyObject module = Python(Children);
        TaskScope? ended = null;
        await Runtime.RunScopeAsync(scope =>
        {
            ended = scope;
            return Task.CompletedTask;
        });

        Should.Throw<InvalidOperationException>(() => ended!.Start(_ => Task.CompletedTask)).Message.ShouldContain("The scope has ended");
        Should.Throw<InvalidOperationException>(() => ended!.Start(() => module.CallMethod("child", ["too late"]))).Message.ShouldContain("The scope has ended");
        module.GetAttr("ended").As<string[]>().ShouldBeEmpty();
    }

    [ConformanceFact]
    public virtual async Task A_child_without_a_Task_fails_the_scope()
    {
        TaskScopeException e = await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(scope =>
        {
            scope.Start(_ => (Task)null!);
            return Task.CompletedTask;
        }));

        e.InnerException.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("The work returned null; it must return a Task.");
    }

    [ConformanceFact]
    public virtual async Task A_scope_that_is_cancelled_begins_no_child()
    {
        using PyObject module = Python(Children);
        var begun = new ConcurrentQueue<string>();
        var late = new List<Task>();

        await ThrowsAsync<TaskScopeException>(Runtime.RunScopeAsync(async scope =>
        {
            scope.Start(() => module.CallMethod("fail", ["child"]));
            await ThrowsAsync<OperationCanceledException>(Task.Delay(Timeout.Infinite, scope.Token));
            late.Add(scope.Start(_ =>
            {
                begun.Enqueue("of .NET");
                return Task.CompletedTask;
            }).Task);
            late.Add(scope.Start(() =>
            {
                begun.Enqueue("of Python");
                return module.CallMethod("child", ["of Python"]);
            }).Task);
        }));

        late.ShouldAllBe(child => child.IsCanceled);
        begun.ShouldBeEmpty();
    }
}
