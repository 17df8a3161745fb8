using PyAsync.Interop;
using PyAsync.Testing;
using PyAsync.Testing.Host;

namespace PyAsync.Tests;

/// <summary>
/// The code of the child processes of <see cref="MemoryFaultTests"/>: one operation again and again, in which first Python's first allocation fails, then the
/// second, and so on until it makes fewer allocations.
/// </summary>
internal static class MemoryScenario
{
    /// <summary>The exit code where Python has not got its test module.</summary>
    public const int Missing = 77;

    /// <summary>More allocations than any of the operations makes.</summary>
    private const int Most = 2_000;

    private const string Source = """
        import asyncio
        from _testcapi import remove_mem_hooks, set_nomemory

        def run(n, operation):
            # The result, if the n-th allocation has not failed or has been got over; else the exception's type.
            set_nomemory(n, n + 1)
            try:
                return operation()
            except BaseException as e:
                remove_mem_hooks()
                return type(e).__name__
            finally:
                remove_mem_hooks()

        async def now(x):
            return x

        async def turn(x):
            await asyncio.sleep(0)
            return x

        async def fail():
            await asyncio.sleep(0)
            raise ValueError("expected")

        async def call(f):
            return await f()

        async def count(n):
            for i in range(n):
                await asyncio.sleep(0)
                yield i

        async def read(items):
            return [item async for item in items]

        class Manager:
            async def __aenter__(self):
                return 1

            async def __aexit__(self, *failure):
                await asyncio.sleep(0)

        data = bytearray(10)
        """;

    public static readonly string[] Operations =
        ["to-python", "from-python", "call", "function", "exception-to-python", "exception-from-python", "awaitable", "start-now", "start-later", "start-failing", "start-calling", "stream",
        "stream-of-dotnet", "scope", "queue", "buffer", "memory"];

    public static int Run(string operation)
    {
        PythonInterpreter.Start();
        PyObject module;
        try
        {
            module = PyObject.ImportSource(Source, "memory_faults");
        }
        catch (PythonException e) when (e.IsInstanceOf("ModuleNotFoundError"))
        {
            Console.WriteLine(e.Message);
            return Missing;
        }

        var reports = new WarningLog();
        using IRuntime runtime = new ThreadPoolBackend().CreateRuntime(new PyAsyncOptions { ShutdownTimeout = TimeSpan.FromSeconds(5) }, TestLoops.Create(), reports);
        runtime.StartAsync().Wait();
        using PyObject run = module.GetAttr("run");
        var outcomes = new SortedDictionary<string, int>();
        int whole = 0;

        // Three times in a row without a failure: the operation makes no more allocations than that.
        for (int n = 0; n < Most && whole < 3; n++)
        {
            var started = new List<Task>();
            using PyObject function = PyFunction.Create("operation", _ => Do(operation, runtime, module, started));
            string outcome = runtime.InvokeAsync(() =>
            {
                using PyObject result = run.Call([n, function]);
                return result.ToString();
            }).GetAwaiter().GetResult();

            // What was started either ends, or its failure has been reported.
            foreach (Task task in started)
            {
                if (Task.WaitAny([task], TimeSpan.FromSeconds(10)) < 0)
                {
                    Console.WriteLine($"lost at allocation {n}; {outcome}; reports: {string.Join(" | ", reports.Entries)}");
                    return 1;
                }

                outcome += task.IsCompletedSuccessfully ? "" : ", " + (task.Exception?.InnerException?.GetType().Name ?? "cancelled");
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            whole = outcome == (operation == "exception-to-python" ? "DotNetException" : "done") ? whole + 1 : 0;
        }

        Console.WriteLine(string.Join("; ", outcomes.Select(static outcome => $"{outcome.Value} {outcome.Key}")));
        if (whole < 3)
        {
            Console.WriteLine("it never succeeded");
            return 1;
        }

        // As good as before.
        using PyObject turn = module.GetAttr("turn");
        return runtime.CallAsync<int>(turn, [0]).GetAwaiter().GetResult();
    }

    /// <summary>On the loop's thread, called by Python.</summary>
    private static PyObject Do(string operation, IRuntime runtime, PyObject module, List<Task> started)
    {
        switch (operation)
        {
            case "to-python":
                PyObject.From(Value(), PyConvert.Object).Dispose();
                break;
            case "from-python":
                using (PyObject value = PyObject.From(Value(), PyConvert.Object))
                {
                    value.As(PyConvert.Object);
                }

                break;
            case "call":
                using (PyObject now = module.GetAttr("now"))
                using (PyObject coroutine = now.Call([new string('x', 100)]))
                {
                    coroutine.CallMethod("close").Dispose();
                }

                break;
            case "function":
                PyFunction.Create("function", static _ => null).Dispose();
                break;
            case "exception-to-python":
                throw new InvalidOperationException("expected", new ArgumentException("inner"));
            case "exception-from-python":
                try
                {
                    module.CallMethod("nothing").Dispose();
                }
                catch (PythonException)
                {
                    // AttributeError, or MemoryError.
                }

                break;
            case "awaitable":
                runtime.FutureIntoPy(static _ => Task.CompletedTask).Dispose();
                break;
            case "start-now":
                started.Add(runtime.CallAsync<int>(module.GetAttr("now"), [1]));
                break;
            case "start-later":
                started.Add(runtime.CallAsync<int>(module.GetAttr("turn"), [1]));
                break;
            case "start-failing":
                started.Add(Swallow(runtime.CallAsync(module.GetAttr("fail"))));
                break;
            case "start-calling":
                started.Add(runtime.CallAsync(module.GetAttr("call"), [runtime.FunctionIntoPy("f", static async _ => await Task.Yield())]));
                break;
            case "stream":
                started.Add(Read(runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("count", [3]))));
                break;
            case "stream-of-dotnet":
                started.Add(runtime.CallAsync(module.GetAttr("read"), [runtime.AsyncEnumerableIntoPy(Count())]));
                break;
            case "scope":
                started.Add(runtime.UsingAsync(() => module.CallMethod("Manager"), static async (_, _) => await Task.Yield()));
                break;
            case "queue":
                using (PyObject queue = PyObject.Import("asyncio").CallMethod("Queue"))
                {
                    started.Add(runtime.IntoChannelWriter<int>(queue).WriteAsync(1).AsTask());
                    started.Add(runtime.IntoChannelReader<int>(queue).ReadAsync().AsTask());
                }

                break;
            case "buffer":
                module.GetAttr("data").GetBuffer<byte>().Dispose();
                module.GetAttr("data").CallMethod("append", [1]).Dispose(); // No export is left, also by attempts that failed.
                break;
            case "memory":
                PyObject.FromMemory(new byte[10]).Dispose();
                break;
            default:
                throw new ArgumentException(operation);
        }

        return PyObject.From("done");
    }

    private static async Task Swallow(Task task)
    {
        try
        {
            await task;
        }
        catch (PythonException e) when (e.Message.EndsWith("expected", StringComparison.Ordinal))
        {
            // As it should be.
        }
    }

    private static async Task Read(IAsyncEnumerable<int> items)
    {
        await foreach (int _ in items)
        {
            // Only the end matters.
        }
    }

    private static async IAsyncEnumerable<int> Count()
    {
        for (int i = 0; i < 10; i++)
        {
            if (i == 5)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    private static Dictionary<string, object?> Value() => new()
    {
        ["numbers"] = new List<object?> { 1, 1L << 62, 1.5, new System.Numerics.BigInteger(1) << 100, 1.25m },
        ["texts"] = new object?[] { "text", "ä€", new byte[] { 1, 2 }, null, true },
        ["times"] = (DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), DateOnly.MinValue, Guid.Empty),
        ["set"] = new HashSet<int> { 1, 2 },
    };
}
