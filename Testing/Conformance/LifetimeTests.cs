using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>Lifetimes of objects, awaitables, loops, runtimes.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class LifetimeTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_hundred_thousand_awaits_leak_nothing()
    {
        using PyObject module = Python("""
            async def now(x):
                return x

            async def later(x):
                await asyncio.sleep(0)
                return x

            async def ask(f, n):
                for _ in range(n):
                    await f()
            """);
        PyObject now = Own(module.GetAttr("now"));
        PyObject later = Own(module.GetAttr("later"));
        PyObject ask = Own(module.GetAttr("ask"));
        PyObject completed = Function(cancellationToken => Task.FromResult(1));
        PyObject yielding = Function(async cancellationToken =>
        {
            await Task.Yield();
            return 2;
        });
        await Round(10);
        (long objects, long heap) = await Measure();

        await Round(Repetitions.Of(100));

        // Caches and free lists may still grow a little; 100,000 leaked awaits would show as that many objects and megabytes.
        (long objectsAfter, long heapAfter) = await Measure();
        (objectsAfter - objects).ShouldBeLessThan(2_000);
        (heapAfter - heap).ShouldBeLessThan(4_000_000);

        async Task Round(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 250).Select(x => Runtime.CallAsync<int>(now, [x])));
                await Task.WhenAll(Enumerable.Range(0, 250).Select(x => Runtime.CallAsync<int>(later, [x])));
                await Runtime.CallAsync(ask, [completed, 250]);
                await Runtime.CallAsync(ask, [yielding, 250]);
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Failing_and_cancelled_awaits_leak_nothing()
    {
        using PyObject module = Python("""
            async def fail():
                raise ValueError("x")

            async def wait():
                await asyncio.sleep(60)
            """);
        PyObject fail = Own(module.GetAttr("fail"));
        PyObject wait = Own(module.GetAttr("wait"));
        await Round(50);
        (long objects, _) = await Measure();

        await Round(1_000);

        (long objectsAfter, _) = await Measure();
        (objectsAfter - objects).ShouldBeLessThan(1_000);

        async Task Round(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var cts = new CancellationTokenSource();
                Task<PyObject> failing = Runtime.CallAsync(fail, cancellationToken: cts.Token);
                Task<PyObject> waiting = Runtime.CallAsync(wait, cancellationToken: cts.Token);
                await ThrowsAsync<PythonException>(failing);
                await cts.CancelAsync();
                await ThrowsAsync<OperationCanceledException>(waiting);
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Abandoned_awaitables_are_collected()
    {
        using PyObject module = Python("""
            import gc, weakref

            references = []

            async def abandon(f, n):
                for _ in range(n):
                    references.append(weakref.ref(f()))

            async def alive():
                gc.collect()
                return sum(1 for reference in references if reference() is not None)
            """);
        PyObject work = Function(cancellationToken => Task.Delay(1, cancellationToken));

        await Runtime.CallAsync(module.GetAttr("abandon"), [work, 1_000]);

        await EventuallyAsync(async () => await Runtime.CallAsync<int>(module.GetAttr("alive")) == 0);
    }

    [ConformanceFact]
    public virtual async Task An_argument_may_be_disposed_straight_after_the_call()
    {
        using PyObject module = Python("""
            async def length(text):
                await asyncio.sleep(0)
                return len(text)
            """);
        PyObject length = Own(module.GetAttr("length"));
        for (int batch = 0; batch < Repetitions.Of(100); batch++)
        {
            int[] lengths = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            {
                PyObject text = PyObject.From(new string('x', i));
                Task<int> call = Runtime.CallAsync<int>(length, [text]);
                text.Dispose();
                return call;
            }));
            lengths.ShouldBe(Enumerable.Range(0, 100));
        }
    }

    [ConformanceFact]
    public virtual async Task An_awaitable_may_be_disposed_straight_after_the_call()
    {
        using PyObject module = Python("""
            async def one():
                await asyncio.sleep(0)
                return 1
            """);
        for (int batch = 0; batch < Repetitions.Of(100); batch++)
        {
            int[] results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            {
                using PyObject coroutine = module.CallMethod("one");
                return Runtime.IntoFuture<int>(coroutine);
            }));
            results.Sum().ShouldBe(100);
        }
    }

    [ConformanceFact]
    public virtual async Task Ten_thousand_short_loops_leave_the_descriptor_count_flat()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "Counts descriptors in /proc, which this system does not have.");
        using PyObject module = Python("""
            async def main(f):
                return await f()

            def run(f, n):
                for _ in range(n):
                    asyncio.run(main(f))
            """);
        PyObject f = Function(async cancellationToken =>
        {
            await Task.Yield();
            return 1;
        });
        PyObject run = Own(module.GetAttr("run"));
        await Task.Run(() => run.Call([f, 10]).Dispose());
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;

        await Task.Run(() => run.Call([f, Repetitions.Of(10_000)]).Dispose());

        Directory.GetFileSystemEntries("/proc/self/fd").Length.ShouldBeLessThan(before + 20);
    }

    [ConformanceFact]
    public virtual async Task Loops_that_are_dropped_without_being_closed_are_let_go()
    {
        using PyObject module = Python("""
            import gc, warnings, weakref

            async def main(f):
                return await f()

            def run(f):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    loop = asyncio.new_event_loop()
                    loop.run_until_complete(main(f))
                    reference = weakref.ref(loop)
                    del loop
                    gc.collect()
                    return reference() is None
            """);
        PyObject f = Function(async cancellationToken =>
        {
            await Task.Yield();
            return 1;
        });

        (await Task.Run(() => module.GetAttr("run").Call<bool>([f]))).ShouldBeTrue();
    }

    private async Task<(long Objects, long Heap)> Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using PyObject gc = PyObject.Import("gc");
        long objects = await Runtime.InvokeAsync(() =>
        {
            gc.CallMethod("collect").Dispose();
            using PyObject all = gc.CallMethod("get_objects");
            return (long)all.Length;
        });
        return (objects, GC.GetTotalMemory(forceFullCollection: true));
    }
}
