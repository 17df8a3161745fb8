using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>A little of every kind of work, whose results are checked.</summary>
internal sealed class Mix : IDisposable
{
    private const string Source = """
        import asyncio

        async def now(x):
            return x

        async def turn(x):
            await asyncio.sleep(0)
            return x

        async def later(x):
            await asyncio.sleep(0.001)
            return x

        async def fail(x):
            await asyncio.sleep(0)
            raise ValueError(f"expected {x}")

        async def call(f, x):
            return await f(x)

        async def gather(f, n):
            return sum(await asyncio.gather(*[f(x) for x in range(n)]))

        async def cancel(f):
            task = asyncio.ensure_future(f(1))
            await asyncio.sleep(0)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                return "cancelled"
            return "done"

        async def count(n):
            for i in range(n):
                await asyncio.sleep(0)
                yield i

        async def read(items):
            return [item async for item in items]

        class Manager:
            async def __aenter__(self):
                await asyncio.sleep(0)
                return 14

            async def __aexit__(self, *failure):
                await asyncio.sleep(0)

        async def add_up(view):
            await asyncio.sleep(0)
            return sum(view)

        async def fill(queue, n):
            for i in range(n):
                await queue.put(i)
        """;

    private readonly PyObject _module = PyObject.ImportSource(Source, "faults_mix");
    private readonly List<PyObject> _owned = [];

    /// <summary>Starts all of it. Each Task ends with a result that has been checked, or with what was injected.</summary>
    public IReadOnlyList<(string What, Task Work)> Start(IRuntime runtime)
    {
        PyObject yields = Own(runtime.FunctionIntoPy<int, int>("yields", static async (x, _) =>
        {
            await Task.Yield();
            return x;
        }));
        PyObject delays = Own(runtime.FunctionIntoPy<int, int>("delays", static async (x, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            return x;
        }));
        PyObject fails = Own(runtime.FunctionIntoPy<int, int>("fails", static async (x, _) =>
        {
            await Task.Yield();
            throw new ArgumentException($"expected {x}");
        }));
        PyObject endless = Own(runtime.FunctionIntoPy<int, int>("endless", static async (x, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return x;
        }));
        return
        [
            ("now", Expect(() => Call<int>(runtime, "now", 1), 1)),
            ("turn", Expect(() => Call<int>(runtime, "turn", 2), 2)),
            ("later", Expect(() => Call<int>(runtime, "later", 3), 3)),
            ("fail", ExpectFailure(() => Call<int>(runtime, "fail", 4))),
            ("call yields", Expect(() => Call<int>(runtime, "call", yields, 5), 5)),
            ("call delays", Expect(() => Call<int>(runtime, "call", delays, 6), 6)),
            ("call fails", ExpectFailure(() => Call<int>(runtime, "call", fails, 7))),
            ("gather yields", Expect(() => Call<int>(runtime, "gather", yields, 10), 45)),
            ("cancel", Expect(() => Call<string>(runtime, "cancel", endless), "cancelled")),
            ("stream of Python", Expect(() => Sum(runtime.IntoAsyncEnumerable<int>(() => _module.CallMethod("count", [10]))), 45)),
            ("stream of .NET", Expect(() => Call<int[]>(runtime, "read", Own(runtime.AsyncEnumerableIntoPy(Count(5)))), [0, 1, 2, 3, 4])),
            ("spawn", Expect(() => runtime.Spawn(async _ => await Call<int>(runtime, "turn", 8)), 8)),
            ("scope", Expect(() => runtime.UsingAsync<int, int>(() => _module.CallMethod("Manager"), (value, _) => Call<int>(runtime, "turn", value)), 14)),
            ("entered scope", Expect(() => Enter(runtime), 14)),
            ("group", Expect(() => runtime.RunScopeAsync(async scope => await scope.Start(() => _module.CallMethod("turn", [15]), PyConvert.Int32).Task), 15)),
            ("queue", Expect(() => Queue(runtime, 10), 45)),
            ("buffers", Expect(() => Buffers(runtime), 48)),
            ("pinned", Expect(() => runtime.SpawnPinned(async _ => await Call<int>(runtime, "turn", 9)), 9)),
        ];
    }

    public void Dispose()
    {
        lock (_owned)
        {
            foreach (PyObject o in _owned)
            {
                o.Dispose();
            }
        }

        _module.Dispose();
    }

    private PyObject Own(PyObject o)
    {
        lock (_owned)
        {
            _owned.Add(o);
        }

        return o;
    }

    private async Task<T> Call<T>(IRuntime runtime, string name, params object?[] arguments)
    {
        using PyObject function = _module.GetAttr(name);
        return await runtime.CallAsync<T>(function, CallArguments.Create(arguments));
    }

    private async Task<int> Enter(IRuntime runtime)
    {
        await using PyScope<int> scope = await runtime.EnterAsync<int>(() => _module.CallMethod("Manager"));
        int result = await Call<int>(runtime.In(scope.Context), "turn", scope.Value);
        scope.Complete();
        return result;
    }

    private async Task<int> Queue(IRuntime runtime, int n)
    {
        using PyObject queue = await runtime.InvokeAsync(static () => PyObject.Import("asyncio").CallMethod("Queue", [2]));
        Task<object?> filling = Call<object?>(runtime, "fill", queue, n);
        await using PythonQueueReader<int> reader = runtime.IntoChannelReader<int>(queue);
        int sum = 0;
        for (int i = 0; i < n; i++)
        {
            sum += await reader.ReadAsync();
        }

        await filling;
        return sum;
    }

    /// <summary>Lends memory to Python, which C# takes back as a buffer.</summary>
    private async Task<int> Buffers(IRuntime runtime)
    {
        using PyObject view = PyObject.FromMemory(new byte[] { 16, 16, 0 });
        using (PyBuffer<byte> buffer = view.GetBuffer<byte>())
        {
            await Task.Yield();
            buffer.Span[2] = 16;
        }

        return await Call<int>(runtime, "add_up", view);
    }

    private static async Task Expect<T>(Func<Task<T>> work, T expected) => (await work()).ShouldBe(expected);

    private static async Task ExpectFailure(Func<Task<int>> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e.Message.Contains("expected ", StringComparison.Ordinal))
        {
            return;
        }

        throw new ShouldAssertException("The work should have failed.");
    }

    private static async Task<int> Sum(IAsyncEnumerable<int> items)
    {
        int sum = 0;
        await foreach (int item in items)
        {
            sum += item;
        }

        return sum;
    }

    private static async IAsyncEnumerable<int> Count(int n)
    {
        for (int i = 0; i < n; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
