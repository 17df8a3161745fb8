using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Cancellation, from both ends.</summary>
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
        Task<PyObject> task = Runtime.Call(module.GetAttr("wait"), ct: cts.Token);
        await WaitForPending();

        await cts.CancelAsync();

        OperationCanceledException e = await Throws<OperationCanceledException>(task);
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

        await Throws<OperationCanceledException>(Runtime.Call(module.GetAttr("run"), ct: cancelled));
        await Throws<OperationCanceledException>(Runtime.IntoFuture(
            () =>
            {
                factoryRan = true;
                return module.CallMethod("run");
            },
            cancelled));

        // A coroutine that was made already is closed: Python would warn if it were merely dropped.
        using PyObject coroutine = module.CallMethod("run");
        Task<PyObject> task = Runtime.IntoFuture(coroutine, cancelled);
        (await Throws<OperationCanceledException>(task)).CancellationToken.ShouldBe(cancelled);

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
        Task<PyObject> called = Runtime.Call(module.GetAttr("run"), ct: cts.Token);
        Task<PyObject> awaited = Runtime.IntoFuture(coroutine, cts.Token);

        await cts.CancelAsync();
        release.Set();

        await blocked;
        await Throws<OperationCanceledException>(called);
        await Throws<OperationCanceledException>(awaited);
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
        Task<string> task = Runtime.Call<string>(module.GetAttr("stubborn"), ct: cts.Token);
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
        Task<PyObject> task = Runtime.Call(module.GetAttr("work"), ct: cts.Token);
        await WaitForPending();

        await cts.CancelAsync();

        await Throws<OperationCanceledException>(task);
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

        Task<PyObject> task = Runtime.Call(module.GetAttr("give_up"), ct: cts.Token);

        PythonCanceledException e = await Throws<PythonCanceledException>(task);
        e.CancellationToken.ShouldBe(CancellationToken.None);
        e.Error.Traceback.ShouldContain("enough"); // 3.10 keeps it as the context of a new CancelledError.
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

        (await Runtime.Call<string>(module.GetAttr("cancel_me_then_wait"))).ShouldBe("caught");
        string expected = await Runtime.Call<string>(module.GetAttr("plain"));
        string actual;
        try
        {
            actual = await Runtime.Call<string>(module.GetAttr("cancel_me_and_return"));
        }
        catch (OperationCanceledException)
        {
            actual = "cancelled";
        }

        actual.ShouldBe(expected);
    }

    [ConformanceFact]
    public virtual async Task Both_sides_cancel_at_once_and_each_ends_exactly_once()
    {
        const int Rounds = 10_000;
        using PyObject module = Python("""
            begun = ended = 0

            async def wait(f, cancel):
                global begun, ended
                begun += 1
                future = f()
                if cancel:
                    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
                try:
                    await future
                finally:
                    ended += 1
            """);
        int bodiesBegun = 0;
        int bodiesEnded = 0;
        PyObject body = Function(async ct =>
        {
            Interlocked.Increment(ref bodiesBegun);
            try
            {
                await Task.Delay(Soon, ct);
            }
            finally
            {
                Interlocked.Increment(ref bodiesEnded);
            }
        });
        PyObject wait = Own(module.GetAttr("wait"));
        int cancelled = 0;
        for (int batch = 0; batch < Rounds; batch += 100)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
            {
                var cts = new CancellationTokenSource(); // Not disposed: its Cancel may come after the end.
                Task<PyObject> task = Runtime.Call(wait, [body, i % 2 == 0], cts.Token);
                ThreadPool.UnsafeQueueUserWorkItem(static cts => cts.Cancel(), cts, preferLocal: false);
                try
                {
                    await task;
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            }));
        }

        cancelled.ShouldBe(Rounds);
        module.GetAttr("ended").As<int>().ShouldBe(module.GetAttr("begun").As<int>());
        await Eventually(() => Task.FromResult(Volatile.Read(ref bodiesEnded) == Volatile.Read(ref bodiesBegun)));
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

        OperationCanceledException e = await Throws<OperationCanceledException>(Runtime.Spawn(_ => Runtime.Call(function, [cancel], cts.Token)).WaitAsync(Soon));

        e.CancellationToken.ShouldBe(cts.Token);
        module.GetAttr("cancels").As<int[]>().ShouldBe([1]);
    }

    /// <summary>Waits until the loop has done what was posted before, and has begun what that started.</summary>
    private async Task WaitForPending() => await Settle();

    private async Task Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            await Runtime.InvokeAsync(() => true);
        }
    }

    private static async Task UntilCancelled(TaskCompletionSource ended, CancellationToken ct)
    {
        try
        {
            await Task.Delay(Soon, ct);
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
