using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Loops with a task factory.
public abstract partial class TaskTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_task_factory_of_the_loops_owner_makes_the_tasks()
    {
        using PyObject module = Python("""
            made = []

            def factory(loop, coroutine, **kwargs):
                task = asyncio.Task(coroutine, loop=loop, **kwargs)
                made.append(task)
                return task

            def use(loop):
                loop.set_task_factory(factory)

            def stop(loop):
                loop.set_task_factory(None)
                return len(made)

            async def one():
                return asyncio.current_task() in made
            """);
        using PyObject loop = Runtime.GetCurrentLoop().GetPythonLoop();
        await Runtime.InvokeAsync(() => module.GetAttr("use").Call([loop]).Dispose());
        (await Runtime.CallAsync<bool>(module.GetAttr("one"))).ShouldBeTrue();
        (await Runtime.InvokeAsync(() => module.GetAttr("stop").Call([loop]).As(PyConvert.Int32))).ShouldBe(1);
        (await Runtime.CallAsync<bool>(module.GetAttr("one"))).ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task A_loop_that_knows_no_task_factory_makes_its_tasks_itself()
    {
        using PyObject module = Python("""
            def unknown(*args):
                raise NotImplementedError

            def forget(loop):
                loop.get_task_factory = unknown

            def remember(loop):
                del loop.get_task_factory

            async def one():
                return isinstance(asyncio.current_task(), asyncio.Task)
            """);
        using PyObject loop = Runtime.GetCurrentLoop().GetPythonLoop();
        await Runtime.InvokeAsync(() => module.GetAttr("forget").Call([loop]).Dispose());
        bool inTask = await Runtime.CallAsync<bool>(module.GetAttr("one")).WaitAsync(Soon);
        await Runtime.InvokeAsync(() => module.GetAttr("remember").Call([loop]).Dispose());
        inTask.ShouldBeTrue();
    }
}
