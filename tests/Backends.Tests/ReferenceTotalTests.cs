using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

/// <summary>
/// On a debug build of CPython <c>sys.gettotalrefcount()</c> stays the same over any number of awaits, so that users can search for leaks. Alone,
/// for other tests use references too.
/// </summary>
[CollectionDefinition(nameof(ReferenceTotalTests), DisableParallelization = true)]
[Collection(nameof(ReferenceTotalTests))]
public sealed partial class ReferenceTotalTests
{
    private const string Source = """
        import asyncio, gc, sys

        async def now():
            return 1

        async def turn():
            await asyncio.sleep(0)
            return 1

        async def fail():
            await asyncio.sleep(0)
            raise ValueError("as asked")

        async def call(f, n):
            for _ in range(n):
                try:
                    await f()
                except ValueError:
                    pass

        async def gather(f, n):
            await asyncio.gather(*[f() for _ in range(n)])

        async def cancel(f, n):
            for _ in range(n):
                task = asyncio.ensure_future(f())
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])

        async def in_tasks(f, n):
            async def wait():
                return await f()
            async with asyncio.TaskGroup() as group:
                for _ in range(n):
                    group.create_task(wait())

        async def with_callbacks(f, n):
            loop = asyncio.get_running_loop()
            for _ in range(n):
                end = loop.create_future()
                f().add_done_callback(lambda done: end.set_result(done.result()))
                await end

        async def numbered(f, n):
            for i in range(n):
                assert await f(i) == -i

        async def give():
            return bytearray(100)

        async def take(view):
            part = memoryview(view)[10:]
            await asyncio.sleep(0)
            part[0] = 1
            return len(part)

        async def read(make, n):
            return [item async for item in make(n)][-1]

        async def generate(n):
            for i in range(n):
                yield i

        def total():
            gc.collect()
            return sys.gettotalrefcount()
        """;

    private const int MaxRounds = 12, AtOnce = 100, MaxCollections = 100;

    // A hundredth of a reference per await: caches grow, awaits leave nothing.
    private static readonly int s_awaits = Math.Max(1_000, Repetitions.Of(20_000));

    /// <summary>One test for all kinds, so that other builds skip one.</summary>
    [Fact]
    public async Task Awaits_OfAllKinds_KeepTheTotal()
    {
        SkipUnlessDebugBuild();
        foreach (string function in (string[])["now", "turn", "fail"])
        {
            await KeepsTotalAsync($"awaits of {function}(), one by one", async (runtime, module) =>
            {
                using PyObject awaited = module.GetAttr(function);
                for (int i = 0; i < s_awaits; i++)
                {
                    await SwallowAsync(runtime.CallAsync<int>(awaited));
                }
            });
        }

        await KeepsTotalAsync("awaits of turn(), at once", async (runtime, module) =>
        {
            using PyObject awaited = module.GetAttr("turn");
            for (int i = 0; i < s_awaits / AtOnce; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => runtime.CallAsync<int>(awaited)));
            }
        });
        await KeepsTotalOfCallsAsync("call", static _ => Task.FromResult(1));
        foreach (string driver in (string[])["call", "gather", "in_tasks", "with_callbacks"])
        {
            await KeepsTotalOfCallsAsync(driver, static async _ =>
            {
                await Task.Yield();
                return 1;
            });
        }

        await KeepsTotalOfCallsAsync("call", static async _ =>
        {
            await Task.Yield();
            throw new ArgumentException("as asked");
        });
        await KeepsTotalAsync("calls with arguments", async (runtime, module) =>
        {
            using PyObject drive = module.GetAttr("numbered");
            using PyObject function = runtime.FunctionIntoPy<long, long>("work", static async (i, _) =>
            {
                await Task.Yield();
                return -i;
            });
            (await runtime.CallAsync(drive, [function, s_awaits])).Dispose();
        });
        await KeepsTotalAsync("blocking calls", async (runtime, module) =>
        {
            using PyObject drive = module.GetAttr("call");
            using PyObject function = runtime.FunctionIntoPy("work", _ => runtime.SpawnBlocking(static _ => 1));
            (await runtime.CallAsync(drive, [function, s_awaits])).Dispose();
        });
        await KeepsTotalAsync("calls within calls", async (runtime, module) =>
        {
            using PyObject drive = module.GetAttr("call"), now = module.GetAttr("now");
            using PyObject function = runtime.FunctionIntoPy("work", _ => runtime.CallAsync<int>(now));
            (await runtime.CallAsync(drive, [function, s_awaits])).Dispose();
        });
        await KeepsTotalAsync("inline calls", async (runtime, module) =>
        {
            using PyObject drive = module.GetAttr("numbered");
            using PyObject function = runtime.InlineFunctionIntoPy("work", static arguments => ValueTask.FromResult(-arguments.Get<long>(0)), PyConvert.For<long>());
            (await runtime.CallAsync(drive, [function, s_awaits])).Dispose();
        });
        await KeepsTotalOfCallsAsync("cancel", static async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 1;
        });
    }

    private static void SkipUnlessDebugBuild()
    {
        using PyObject sys = PyObject.Import("sys");
        Assert.SkipUnless(sys.HasAttr("gettotalrefcount"), "Only debug builds of CPython count all references.");
    }

    private static Task KeepsTotalOfCallsAsync(string driver, Func<CancellationToken, Task<int>> work) => KeepsTotalAsync($"{driver} of .NET work", async (runtime, module) =>
    {
        using PyObject drive = module.GetAttr(driver);
        using PyObject function = runtime.FunctionIntoPy("work", work);
        (await runtime.CallAsync(drive, [function, s_awaits])).Dispose();
    });

    /// <summary>
    /// Checks the least growth of the rounds after the first. Early rounds fill caches and pools; how many do depends on what else the machine does. A leak
    /// makes each round grow.
    /// </summary>
    private static async Task KeepsTotalAsync(string kind, Func<IRuntime, PyObject, Task> round)
    {
        using PyObject module = PyObject.ImportSource(Source, "reference_total");
        await using IRuntime runtime = new ThreadPoolBackend().CreateRuntime(eventLoop: TestLoops.Create());
        await runtime.StartAsync();
        await round(runtime, module);
        long before = await TotalAsync();
        List<long> changes = [];
        do
        {
            await round(runtime, module);
            long after = await TotalAsync();
            changes.Add(after - before);
            before = after;
        }
        while (Math.Abs(changes[^1]) >= s_awaits / 100 && changes.Count < MaxRounds);

        changes.Min(Math.Abs).ShouldBeLessThan(s_awaits / 100, $"references more or fewer after {s_awaits} {kind}: {string.Join(", ", changes)}");

        // Until it stands still: a chain of objects of both sides, which other tests leave, is freed by a few links in each collection.
        async Task<long> TotalAsync()
        {
            long total = long.MinValue;
            for (int i = 0; i < MaxCollections; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    await runtime.InvokeAsync(static () => true);
                }

                long next = await runtime.InvokeAsync(() => module.CallMethod<long>("total"));
                if (next == total)
                {
                    break;
                }

                total = next;
            }

            return total;
        }
    }

    private static async Task SwallowAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (PythonException e) when (e.IsInstanceOf("ValueError"))
        {
            // As asked.
        }
    }
}
