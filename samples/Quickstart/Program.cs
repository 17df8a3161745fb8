using System.Diagnostics;

// The main thread runs Python's event loop; the code below runs on the backend that appsettings.json, or the command line
// (--PyAsync:Backend=DedicatedThread), selects.
return PyAsyncApp.Run(
    async (runtime, cancellationToken) =>
    {
        Console.WriteLine($"== {runtime.Name}, Python {PythonInterpreter.Current.Installation.Version}");
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject example = PyObject.Import("example");

        // C# awaits Python.
        await Timed("C# awaits asyncio.sleep(0.1)", async () =>
        {
            using PyObject sleep = asyncio.GetAttr("sleep");
            await runtime.CallAsync(sleep, [0.1], cancellationToken);
            return "slept";
        });

        await Timed("C# awaits an async def of example.py", async () =>
        {
            using PyObject pySleep = example.GetAttr("py_sleep");
            return $"slept {await runtime.CallAsync<double>(pySleep, [0.1], cancellationToken)} s";
        });

        // Python awaits C#.
        using PyObject square = runtime.FunctionIntoPy("square", async (int x, CancellationToken token) =>
        {
            await Task.Delay(50, token);
            return x * x;
        });
        await Timed("Python awaits a C# method 1,000 times at once", async () =>
        {
            using PyObject sumOfSquares = example.GetAttr("sum_of_squares");
            return $"sum {await runtime.CallAsync<int>(sumOfSquares, [square, 1_000], cancellationToken)}";
        });

        // Many of both at once.
        await Timed("10,000 × sleep(0.1) awaited at once", async () =>
        {
            using PyObject pySleep = example.GetAttr("py_sleep");
            double[] slept = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => runtime.CallAsync<double>(pySleep, [0.1], cancellationToken)));
            return $"{slept.Length} awaits, {slept.Sum():0} s of sleep";
        });

        // Cancellation, from both sides.
        await Timed("Python cancels C#", async () =>
        {
            bool cancelled = false;
            using PyObject forever = runtime.FunctionIntoPy("forever", async token =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    cancelled = token.IsCancellationRequested;
                }
            });
            using PyObject giveUp = example.GetAttr("give_up");
            return $"Python {await runtime.CallAsync<string>(giveUp, [forever], cancellationToken)}, the C# work was cancelled: {cancelled}";
        });

        await Timed("C# cancels Python", async () =>
        {
            using var cts = new CancellationTokenSource(50);
            using PyObject sleep = asyncio.GetAttr("sleep");
            try
            {
                await runtime.CallAsync(sleep, [60], cts.Token);
                return "not cancelled";
            }
            catch (OperationCanceledException e)
            {
                return e.Message;
            }
        });

        await Timed("1,000 messages over TCP, echoed by an asyncio server", () => Echo(runtime, asyncio, example, cancellationToken));
    },
    args);

// The client is C#: it awaits asyncio's streams as if they were C# streams.
static async Task<string> Echo(IRuntime runtime, PyObject asyncio, PyObject example, CancellationToken cancellationToken)
{
    (PyObject server, int port) = await runtime.IntoFuture<(PyObject, int)>(() => example.CallMethod("start_echo_server"), cancellationToken);
    (PyObject reader, PyObject writer) = await runtime.IntoFuture<(PyObject, PyObject)>(() => asyncio.CallMethod("open_connection", ["127.0.0.1", port]), cancellationToken);
    using PyObject write = writer.GetAttr("write");
    using PyObject readLine = reader.GetAttr("readline");
    int right = 0;
    for (int i = 0; i < 1_000; i++)
    {
        byte[] message = System.Text.Encoding.UTF8.GetBytes($"message {i}\n");
        await runtime.CallAsync(write, [message], cancellationToken);
        byte[] echoed = await runtime.CallAsync<byte[]>(readLine, cancellationToken: cancellationToken);
        right += echoed.AsSpan().SequenceEqual(message) ? 1 : 0;
    }

    await runtime.InvokeAsync(
        () =>
        {
            writer.CallMethod("close").Dispose();
            server.CallMethod("close").Dispose();
        },
        cancellationToken);
    return right == 1_000 ? $"all {right} came back right" : throw new InvalidDataException($"only {right} of 1,000 came back right");
}

static async Task Timed(string what, Func<Task<string>> action)
{
    var watch = Stopwatch.StartNew();
    string result = await action();
    Console.WriteLine($"{watch.Elapsed.TotalMilliseconds,8:0.0} ms  {what}: {result}");
}
