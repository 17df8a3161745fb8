using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Python cancels its awaits of .NET.
public abstract partial class CancellationTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Timeout_around_a_dotnet_awaitable_ends_it()
    {
        using PyObject module = Python("""
            async def run(f):
                future = await f()
                try:
                    async with asyncio.timeout(0.02):
                        await future
                except TimeoutError:
                    return "timed out"
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Begun(cancellationToken => UntilCancelled(ended, cancellationToken));

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [wait])).ShouldBe("timed out");
        await ended.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Wait_for_around_a_dotnet_awaitable_ends_it()
    {
        using PyObject module = Python("""
            async def run(f):
                future = await f()
                try:
                    await asyncio.wait_for(future, 0.02)
                except asyncio.TimeoutError:
                    return "timed out"

            async def in_time(f):
                return await asyncio.wait_for(f(), 60)
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Begun(cancellationToken => UntilCancelled(ended, cancellationToken));
        PyObject quick = Function(async cancellationToken =>
        {
            await Task.Delay(1, cancellationToken);
            return 3;
        });

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [wait])).ShouldBe("timed out");
        await ended.Task.WaitAsync(Soon);
        (await Runtime.CallAsync<int>(module.GetAttr("in_time"), [quick])).ShouldBe(3);
    }

    [ConformanceFact]
    public virtual async Task A_TaskGroup_cancels_dotnet_awaitables_when_a_sibling_fails()
    {
        using PyObject module = Python("""
            async def wrap(future):
                await future

            async def fail():
                await asyncio.sleep(0)
                raise ValueError("sibling")

            async def run(f):
                future = await f()
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(wrap(future))
                        group.create_task(fail())
                except ExceptionGroup as e:
                    return [str(child) for child in e.exceptions]
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Begun(cancellationToken => UntilCancelled(ended, cancellationToken));

        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [wait])).ShouldBe(["sibling"]);
        await ended.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Uncancel_works_around_a_dotnet_awaitable()
    {
        using PyObject module = Python("""
            async def inner(f):
                try:
                    await f()
                except asyncio.CancelledError:
                    asyncio.current_task().uncancel()
                await asyncio.sleep(0)
                return asyncio.current_task().cancelling()

            async def run(f):
                task = asyncio.create_task(inner(f))
                await asyncio.sleep(0.005)
                task.cancel()
                return await task
            """);
        PyObject wait = Function(cancellationToken => Task.Delay(Soon, cancellationToken));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [wait])).ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Waiting_behaviour_ends_the_awaitable_when_the_work_has_ended()
    {
        using PyObject module = Python("""
            async def run(f):
                future = await f()
                accepted = future.cancel()
                pending = not future.done()
                try:
                    await future
                    outcome = "result"
                except asyncio.CancelledError:
                    outcome = "cancelled"
                return accepted, pending, outcome
            """);
        bool cleanedUp = false;

        (bool accepted, bool pending, string outcome) = await Runtime.CallAsync<(bool, bool, string)>(
            module.GetAttr("run"),
            [Begun(async cancellationToken =>
            {
                try
                {
                    await Task.Delay(Soon, cancellationToken);
                    return true;
                }
                finally
                {
                    await Task.Delay(20, CancellationToken.None);
                    cleanedUp = true;
                }
            })]);

        (accepted, pending, outcome).ShouldBe((true, true, "cancelled"));
        cleanedUp.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_cancellation_that_comes_as_the_work_completes_is_not_lost()
    {
        using PyObject module = Python("""
            async def without_end(f):
                while True:
                    await f()

            async def run(f, n):
                for i in range(n):
                    task = asyncio.ensure_future(without_end(f))
                    await asyncio.sleep(0.0001 * (i % 25))
                    task.cancel()
                    await asyncio.wait([task], timeout=60)
                    if not task.cancelled():
                        return f"the {i}th was lost"
                return "none was lost"
            """);
        PyObject brief = Function(cancellationToken => Task.Delay(1, cancellationToken));

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [brief, Repetitions.Of(1_000)])).ShouldBe("none was lost");
    }

    [ConformanceFact]
    public virtual async Task Waiting_behaviour_gives_the_result_of_work_that_swallows_the_cancellation()
    {
        using PyObject module = Python("""
            async def run(f):
                future = await f()
                future.cancel()
                return await future
            """);
        PyObject stubborn = Begun(async cancellationToken =>
        {
            try
            {
                await Task.Delay(Soon, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Swallowed.
            }

            return "all the same";
        });

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [stubborn])).ShouldBe("all the same");
    }

    [ConformanceFact]
    public virtual async Task Abandoning_behaviour_ends_the_awaitable_at_once_and_reports_a_later_failure()
    {
        using PyObject module = Python("""
            async def run(future):
                accepted = future.cancel()
                return accepted, future.cancelled(), future.cancel()
            """);
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject future = await Runtime.InvokeAsync(() => Own(Runtime.FutureIntoPy(work.Task)));

        (await Runtime.CallAsync<(bool, bool, bool)>(module.GetAttr("run"), [future])).ShouldBe((true, true, false));

        work.SetException(new InvalidOperationException("too late to be seen"));
        await Settle();
        ExpectedReports.Add("too late to be seen");
    }

    [ConformanceFact]
    public virtual async Task The_behaviour_can_be_chosen_against_the_default()
    {
        using PyObject module = Python("""
            async def run(future):
                future.cancel()
                return future.done()
            """);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject waiting = await Runtime.InvokeAsync(() => Own(Runtime.FutureIntoPy(started.Task, CancelBehavior.Wait)));
        PyObject abandoning = await Runtime.InvokeAsync(() => Own(Runtime.FutureIntoPy(cancellationToken => Task.Delay(Soon, cancellationToken), CancelBehavior.Abandon)));

        (await Runtime.CallAsync<bool>(module.GetAttr("run"), [waiting])).ShouldBeFalse();
        (await Runtime.CallAsync<bool>(module.GetAttr("run"), [abandoning])).ShouldBeTrue();
        started.SetResult();
    }

    [ConformanceFact]
    public virtual async Task The_token_of_work_fires_off_the_loop_thread()
    {
        using PyObject module = Python("""
            async def run(f):
                future = await f()
                future.cancel()
                try:
                    await future
                except asyncio.CancelledError:
                    pass
            """);
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);
        int firedOn = 0;
        PyObject wait = Begun(async cancellationToken =>
        {
            await using CancellationTokenRegistration _ = cancellationToken.Register(() => firedOn = Environment.CurrentManagedThreadId);
            await Task.Delay(Soon, cancellationToken);
            return true;
        });

        await Runtime.CallAsync(module.GetAttr("run"), [wait]);

        firedOn.ShouldNotBe(0);
        firedOn.ShouldNotBe(loopThread);
    }

    [ConformanceFact]
    public virtual async Task Cancelling_a_completed_task_is_a_no_op()
    {
        using PyObject module = Python("""
            async def quick():
                await asyncio.sleep(0)
                return 1
            """);
        using var cts = new CancellationTokenSource();
        Task<int> task = Runtime.CallAsync<int>(module.GetAttr("quick"), cancellationToken: cts.Token);
        await task;

        await cts.CancelAsync();
        await Settle();

        task.Result.ShouldBe(1);
    }

    [ConformanceFact]
    public virtual async Task A_cancel_message_arrives()
    {
        using PyObject module = Python("""
            async def run(f):
                task = asyncio.ensure_future(f())
                await asyncio.sleep(0.005)
                task.cancel(msg="because")
                try:
                    await task
                except asyncio.CancelledError as e:
                    return list(e.args)
            """);
        PyObject wait = Function(cancellationToken => Task.Delay(Soon, cancellationToken));

        (await Runtime.CallAsync<string[]>(module.GetAttr("run"), [wait])).ShouldBe(["because"]);
    }
}
