using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Cancellation, from both sides.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class CancellationTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_token_cancels_the_Python_task_and_comes_back_in_the_exception()
    {
        using PyObject module = Python("""
            seen = []

            async def wait():
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    seen.append("cancelled")
                    raise
            """);
        using var cts = new CancellationTokenSource();
        Task<PyObject> task = Runtime.CallAsync(module.GetAttr("wait"), cancellationToken: cts.Token);
        await WaitForPending();

        await cts.CancelAsync();

        OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(task);
        e.CancellationToken.ShouldBe(cts.Token);
        e.ShouldBeOfType<PythonCanceledException>().Error.Traceback.ShouldContain("in wait");
        task.IsCanceled.ShouldBeTrue();
        module.GetAttr("seen").As<string[]>().ShouldBe(["cancelled"]);
    }

    [ConformanceFact]
    public virtual async Task An_already_cancelled_token_starts_nothing()
    {
        using PyObject module = Python("""
            started = 0

            async def run():
                global started
                started += 1
            """);
        var cancelled = new CancellationToken(canceled: true);
        bool factoryRan = false;

        await ThrowsAsync<OperationCanceledException>(Runtime.CallAsync(module.GetAttr("run"), cancellationToken: cancelled));
        await ThrowsAsync<OperationCanceledException>(Runtime.IntoFuture(
            () =>
            {
                factoryRan = true;
                return module.CallMethod("run");
            },
            cancelled));

        // An existing coroutine is closed: Python would warn if it were only dropped.
        using PyObject coroutine = module.CallMethod("run");
        Task<PyObject> task = Runtime.IntoFuture(coroutine, cancelled);
        (await ThrowsAsync<OperationCanceledException>(task)).CancellationToken.ShouldBe(cancelled);

        factoryRan.ShouldBeFalse();
        module.GetAttr("started").As<int>().ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_token_that_fires_while_the_request_is_queued_starts_nothing()
    {
        using PyObject module = Python("""
            started = 0

            async def run():
                global started
                started += 1
            """);
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        Task blocked = Runtime.InvokeAsync(() =>
        {
            entered.Set();
            using DetachScope scope = PythonThread.Detach();
            release.Wait(Soon);
        });
        entered.Wait(Soon).ShouldBeTrue();
        using var cts = new CancellationTokenSource();
        using PyObject coroutine = module.CallMethod("run");
        Task<PyObject> called = Runtime.CallAsync(module.GetAttr("run"), cancellationToken: cts.Token);
        Task<PyObject> awaited = Runtime.IntoFuture(coroutine, cts.Token);

        await cts.CancelAsync();
        release.Set();

        await blocked;
        await ThrowsAsync<OperationCanceledException>(called);
        await ThrowsAsync<OperationCanceledException>(awaited);
        module.GetAttr("started").As<int>().ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_that_swallows_the_cancellation_returns_its_result()
    {
        using PyObject module = Python("""
            async def stubborn():
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    return "all the same"
            """);
        using var cts = new CancellationTokenSource();
        Task<string> task = Runtime.CallAsync<string>(module.GetAttr("stubborn"), cancellationToken: cts.Token);
        await WaitForPending();

        await cts.CancelAsync();

        (await task).ShouldBe("all the same");
    }

    [ConformanceFact]
    public virtual async Task Clean_up_is_waited_for()
    {
        using PyObject module = Python("""
            log = []

            async def work():
                try:
                    await asyncio.sleep(60)
                finally:
                    await asyncio.sleep(0.05)
                    log.append("cleaned up")
            """);
        using var cts = new CancellationTokenSource();
        Task<PyObject> task = Runtime.CallAsync(module.GetAttr("work"), cancellationToken: cts.Token);
        await WaitForPending();

        await cts.CancelAsync();

        await ThrowsAsync<OperationCanceledException>(task);
        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
    }

    [ConformanceFact]
    public virtual async Task Python_that_cancels_itself_gives_a_cancellation_without_a_token()
    {
        using PyObject module = Python("""
            async def give_up():
                raise asyncio.CancelledError("enough")
            """);
        using var cts = new CancellationTokenSource();

        Task<PyObject> task = Runtime.CallAsync(module.GetAttr("give_up"), cancellationToken: cts.Token);

        PythonCanceledException e = await ThrowsAsync<PythonCanceledException>(task);
        e.CancellationToken.ShouldBe(CancellationToken.None);
        e.Error.Traceback.ShouldContain("enough");
        task.IsCanceled.ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_that_cancels_its_own_task_and_returns_is_cancelled_or_returns_as_asyncio_has_it()
    {
        using PyObject module = Python("""
            async def cancel_me_then_wait():
                asyncio.current_task().cancel()
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    return "caught"

            async def plain():
                task = asyncio.get_running_loop().create_task(cancel_me_and_return())
                try:
                    return await task
                except asyncio.CancelledError:
                    return "cancelled"

            async def cancel_me_and_return():
                asyncio.current_task().cancel()
                return "returned"
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("cancel_me_then_wait"))).ShouldBe("caught");
        string expected = await Runtime.CallAsync<string>(module.GetAttr("plain"));
        string actual;
        try
        {
            actual = await Runtime.CallAsync<string>(module.GetAttr("cancel_me_and_return"));
        }
        catch (OperationCanceledException)
        {
            actual = "cancelled";
        }

        actual.ShouldBe(expected);
    }

    [ConformanceFact]
    public virtual async Task A_token_that_fires_in_the_first_step_cancels_once_and_is_in_the_exception()
    {
        using PyObject module = Python("""
            cancels = []

            async def cancel_itself(cancel):
                cancel()
                try:
                    await asyncio.sleep(30)
                except asyncio.CancelledError:
                    task = asyncio.current_task()
                    cancels.append(task.cancelling() if hasattr(task, "cancelling") else 1)
                    raise
            """);
        using var cts = new CancellationTokenSource();
        using PyObject cancel = PyFunction.Create("cancel", cts.Cancel);
        using PyObject function = module.GetAttr("cancel_itself");

        OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(Runtime.Spawn(_ => Runtime.CallAsync(function, [cancel], cts.Token)).WaitAsync(Soon));

        e.CancellationToken.ShouldBe(cts.Token);
        module.GetAttr("cancels").As<int[]>().ShouldBe([1]);
    }

    /// <summary>Waits until the loop has handled all earlier posts, and has begun the work that they started.</summary>
    private async Task WaitForPending() => await Settle();

    private async Task Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            await Runtime.InvokeAsync(() => true);
        }
    }

    private static async Task<bool> UntilCancelled(TaskCompletionSource ended, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Soon, cancellationToken);
            return true;
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
