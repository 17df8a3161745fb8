using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Functions of C# that return coroutines.
public abstract partial class TaskTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_function_that_returns_a_coroutine_starts_its_work_when_it_is_awaited()
    {
        int started = 0;
        PyObject twice = Own(Runtime.FunctionIntoPy(
            "twice",
            async (int x, CancellationToken cancellationToken) =>
            {
                Interlocked.Increment(ref started);
                await Task.Yield();
                return 2 * x;
            },
            returns: PyAwaitable.Coroutine));
        PyObject count = Own(PyFunction.Create("started", _ => PyObject.From(started, PyConvert.Int32)));
        using PyObject module = Python("""
            import inspect

            async def use(f, started):
                coroutine = f(1)
                assert asyncio.iscoroutine(coroutine) and inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED
                await asyncio.sleep(0)
                assert started() == 0
                values = [await coroutine, await asyncio.create_task(f(2))]
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(f(i)) for i in range(100)]
                assert values + [task.result() for task in tasks] == [2, 4, *range(0, 200, 2)]
                try:
                    await coroutine
                except RuntimeError as e:
                    assert str(e) == "cannot reuse already awaited coroutine"
                try:
                    f("x")
                except TypeError as e:
                    return str(e)
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("use"), [twice, count])).ShouldBe("twice() argument 'x': A Python 'str' cannot be converted to System.Int32.");
        started.ShouldBe(102);
        (await Runtime.CallAsync<int>(twice, [21])).ShouldBe(42);
    }

    [ConformanceFact]
    public virtual async Task Cancelling_a_coroutine_that_has_not_started_runs_nothing()
    {
        int started = 0, cancelled = 0;
        PyObject sleep = Own(Runtime.FunctionIntoPy(
            "sleep",
            async cancellationToken =>
            {
                Interlocked.Increment(ref started);
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                    throw;
                }
            },
            returns: PyAwaitable.Coroutine));
        PyObject isStarted = Own(PyFunction.Create("is_started", _ => PyObject.From(Volatile.Read(ref started) > 0, PyConvert.Boolean)));
        using PyObject module = Python("""
            async def use(f, is_started):
                f().close()
                task = asyncio.create_task(f())
                task.cancel()
                await asyncio.wait([task])
                assert task.cancelled() and not is_started()
                task = asyncio.create_task(f())
                while not is_started():
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                assert task.cancelled()
            """);

        (await Runtime.CallAsync(module.GetAttr("use"), [sleep, isStarted])).Dispose();
        (started, cancelled).ShouldBe((1, 1));
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_may_be_made_where_no_loop_runs_and_awaited_where_one_does()
    {
        PyObject answer = Own(Runtime.FunctionIntoPy("answer", async cancellationToken => await Task.FromResult(42), returns: PyAwaitable.Coroutine));
        using PyObject made = await Task.Run(() => answer.Call());

        (await Runtime.IntoFuture<int>(made)).ShouldBe(42);
    }
}
