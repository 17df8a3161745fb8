using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Streams that end before their last item, and the notifications about that.
public abstract partial class StreamTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Stopping_early_closes_the_generator_and_waits_for_it()
    {
        using PyObject module = Python("""
            log = []

            async def endless():
                i = 0
                try:
                    while True:
                        yield i
                        i += 1
                finally:
                    await asyncio.sleep(0.01)
                    log.append("closed")
            """);

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("endless"), buffer: 4))
        {
            if (item == 10)
            {
                break;
            }
        }

        module.GetAttr("log").As<string[]>().ShouldBe(["closed"]);
    }

    [ConformanceFact]
    public virtual async Task Stopping_early_in_Python_disposes_the_dotnet_enumerator()
    {
        using PyObject module = Python("""
            async def first(items):
                async for item in items:
                    break
                await items.aclose()
                return item

            async def drop(make):
                async for item in make():
                    return item
            """);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Endless(closed));
        PyObject make = Own(PyFunction.Create("make", _ => Runtime.AsyncEnumerableIntoPy(Endless(dropped))));

        (await Runtime.CallAsync<int>(module.GetAttr("first"), [items])).ShouldBe(0);
        closed.Task.IsCompleted.ShouldBeTrue("aclose() waits for it");
        (await Runtime.CallAsync<int>(module.GetAttr("drop"), [make])).ShouldBe(0);
        await dropped.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task A_token_ends_the_reading()
    {
        using PyObject module = Python("""
            async def slow():
                yield 1
                await asyncio.sleep(60)
                yield 2
            """);
        using var cts = new CancellationTokenSource();
        var seen = new List<int>();

        OperationCanceledException e = await ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("slow")).WithCancellation(cts.Token))
            {
                seen.Add(item);
                await cts.CancelAsync();
            }
        });

        e.CancellationToken.ShouldBe(cts.Token);
        seen.ShouldBe([1]);
    }

    [ConformanceFact]
    public virtual async Task Cancelling_Pythons_iteration_cancels_the_dotnet_enumerator()
    {
        using PyObject module = Python("""
            async def collect(items):
                async for item in items:
                    pass

            async def cancel(items, begun):
                task = asyncio.create_task(collect(items))
                await begun()  # An enumerator that is cancelled earlier never starts.
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return True
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Stuck(ended, begun));

        (await Runtime.CallAsync<bool>(module.GetAttr("cancel"), [items, Function(_ => begun.Task, "begun")])).ShouldBeTrue();
        await ended.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task An_enumerator_whose_iterator_was_dropped_in_a_step_is_disposed()
    {
        using PyObject module = Python("""
            import gc

            async def drop(make, start):
                items = make()
                step = asyncio.ensure_future(items.__anext__())
                await asyncio.sleep(0)
                del items
                gc.collect()
                step.cancel()
                for _ in range(100):
                    await asyncio.sleep(0)
                start()
                try:
                    await step
                except asyncio.CancelledError:
                    pass
            """);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PyObject make = PyFunction.Create("make", _ => Runtime.AsyncEnumerableIntoPy(Deaf(started.Task, ended)));

        using PyObject start = PyFunction.Create("start", started.SetResult);
        await Runtime.CallAsync(module.GetAttr("drop"), [make, start]);

        await ended.Task.WaitAsync(Soon);
    }

    private static async IAsyncEnumerable<int> Deaf(Task start, TaskCompletionSource ended)
    {
        try
        {
            await start;
            for (int i = 0; ; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<int> Endless(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                yield return i;
            }
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<int> Stuck(TaskCompletionSource ended, TaskCompletionSource? begun = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            begun?.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield return 1;
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
