using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// asyncio's contract of cancel(), for a future of .NET work.
public abstract partial class CancellationTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task The_first_request_is_accepted_and_repeated_ones_are_not()
    {
        using PyObject module = Python("""
            async def run(f):
                future = f()
                answers = [future.cancel(), future.cancel()]
                await asyncio.wait([future])
                answers.append(future.cancel())
                group = asyncio.gather(f(), f())
                answers.append(group.cancel())
                await asyncio.gather(group, return_exceptions=True)
                answers.append(group.cancel())
                return answers
            """);
        PyObject wait = Function(cancellationToken => Task.Delay(Soon, cancellationToken));

        (await Runtime.CallAsync<bool[]>(module.GetAttr("run"), [wait])).ShouldBe([true, false, false, true, false]);
    }

    [ConformanceFact]
    public virtual async Task A_cancelled_task_gets_CancelledError_whatever_the_work_ends_with()
    {
        using PyObject module = Python(CancelWaiter);

        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [Stubborn(fails: false)])).ShouldBe(["True cancelled ('why',) 1", "7"]);
        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [Stubborn(fails: true)])).ShouldBe(["True cancelled ('why',) 1", "failed"]);
    }

    [ConformanceFact]
    public virtual async Task The_failure_of_work_that_was_cancelled_is_the_context_of_the_CancelledError()
    {
        using PyObject module = Python("""
            async def wait(future):
                try:
                    await future
                except asyncio.CancelledError as e:
                    return f"{type(e.__context__).__name__}: {e.__context__}"

            async def run(f):
                task = asyncio.create_task(wait(await f()))
                await asyncio.sleep(0)
                task.cancel()
                return await task
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Stubborn(fails: true)])).ShouldBe("DotNetException: failed");
        (await Runtime.CallAsync<string>(module.GetAttr("run"), [Stubborn(fails: false)])).ShouldBe("NoneType: None");
    }

    [ConformanceFact]
    public virtual async Task A_cancelled_task_written_in_Python_gets_CancelledError_too()
    {
        using PyObject module = Python(CancelWaiter.Replace("asyncio.create_task(wait(future))", "asyncio.tasks._PyTask(wait(future))", StringComparison.Ordinal));

        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [Stubborn(fails: false)])).ShouldBe(["True cancelled ('why',) 1", "7"]);
    }

    [ConformanceFact]
    public virtual async Task Of_several_waiting_tasks_only_the_cancelled_one_is_cancelled()
    {
        using PyObject module = Python("""
            async def wait(future):
                return await future

            async def run(f, n):
                wrong = 0
                for i in range(n):
                    future = await f()
                    tasks = [asyncio.create_task(wait(future)) for _ in range(3)]
                    await asyncio.sleep(0)
                    if future.done():
                        await asyncio.wait(tasks)
                        continue  # A busy machine: the tasks did not have to wait.
                    tasks[i % 3].cancel()
                    results = await asyncio.gather(*tasks, return_exceptions=True)
                    wrong += [isinstance(result, asyncio.CancelledError) for result in results] != [k == i % 3 for k in range(3)]
                return wrong
            """);

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [Stubborn(fails: false), Repetitions.Of(1_000)])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Timeouts_and_groups_around_stubborn_work_keep_their_counts()
    {
        using PyObject module = Python("""
            async def run(f):
                seen = []
                future = await f()
                try:
                    async with asyncio.timeout(0.001):
                        try:
                            async with asyncio.timeout(30):
                                await future
                        except TimeoutError:
                            seen.append("inner")
                except TimeoutError:
                    seen.append("outer")
                seen.append(str(asyncio.current_task().cancelling()))

                async def fail():
                    raise ValueError

                async def wait(future):
                    await future

                try:
                    async with asyncio.TaskGroup() as group:
                        child = group.create_task(wait(await f()))
                        await asyncio.sleep(0)
                        group.create_task(fail())
                except* ValueError:
                    seen.append("group")
                seen.append(str(child.cancelled()))
                return seen
            """);

        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [Stubborn(fails: false)])).ShouldBe(["outer", "0", "group", "True"]);
    }

    private const string CancelWaiter = """
        async def wait(future):
            return await future

        async def run(f):
            future = await f()
            task = asyncio.create_task(wait(future))
            await asyncio.sleep(0)
            accepted = task.cancel("why")
            try:
                await task
                outcome = "result"
            except asyncio.CancelledError as e:
                outcome = f"cancelled {e.args}"
            try:
                kept = str(future.result())
            except Exception as e:
                kept = str(e)
            return [f"{accepted} {outcome} {task.cancelling()}", kept]
        """;

    /// <summary>Makes a Python function that starts work (<see cref="Begun"/>), which waits for its cancellation, and then ends with 7 or a failure.</summary>
    private PyObject Stubborn(bool fails) =>
        Begun(async cancellationToken =>
        {
            var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration request = cancellationToken.Register(requested.SetResult);
            await requested.Task.WaitAsync(Soon, CancellationToken.None);
            return fails ? throw new InvalidOperationException("failed") : 7;
        });

    /// <summary>Makes a Python function that starts work, waits until it has begun (work that is cancelled earlier never starts), and returns its future.</summary>
    private PyObject Begun<T>(Func<CancellationToken, Task<T>> body)
    {
        int begun = 0;
        PyObject work = Function(
            async cancellationToken =>
            {
                Interlocked.Increment(ref begun);
                return await body(cancellationToken);
            },
            "begun");
        PyObject count = Own(PyFunction.Create("begun", _ => PyObject.From(Volatile.Read(ref begun))));
        PyObject module = Python("""
            def start(work, begun):
                async def started():
                    before = begun()
                    future = work()
                    while begun() == before:
                        await asyncio.sleep(0)
                    return future
                return started
            """);
        return Own(module.CallMethod("start", [work, count]));
    }
}
