using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>
/// The first thing that happens in a process: several threads, each with a loop, use every path at once. The library's first-use initialisation then
/// runs on the first thread, while the others wait, with the GIL or for it.
/// </summary>
internal static class FirstUseScenario
{
    private const int Threads = 6;

    /// <summary>Several runtimes start at once, and start Python, while other threads ask whether they are attached.</summary>
    public static int RunStarts()
    {
        using var stop = new CancellationTokenSource();
        Thread[] asking = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Ask) { IsBackground = true })];
        _ = PythonThread.IsAttached;
        foreach (Thread thread in asking)
        {
            thread.Start();
        }

        IRuntime[] runtimes = [.. Enumerable.Range(0, 3).Select(_ => PyAsyncRuntime.Create(eventLoop: TestLoops.Create()))];
        Task.WhenAll(runtimes.Select(static runtime => Task.Run(() => runtime.StartAsync()))).Wait();
        stop.Cancel();
        foreach (IRuntime runtime in runtimes)
        {
            runtime.Dispose();
        }

        Console.WriteLine("started");
        return 0;

        void Ask()
        {
            while (!stop.IsCancellationRequested && !PythonThread.IsAttached)
            {
            }
        }
    }

    public static int Run()
    {
        using IRuntime runtime = PyAsyncRuntime.Create(eventLoop: TestLoops.Create());
        runtime.StartAsync().Wait();
        using PyObject module = PyObject.ImportSource("""
            import asyncio

            async def one():
                await asyncio.sleep(0)
                return 1

            async def main(f, n):
                return sum(await asyncio.gather(*(f(one) for _ in range(n))))

            def run(f, n):
                return asyncio.run(main(f, n))
            """);
        using PyObject callBack = runtime.FunctionIntoPy("call_back", (PyObject f, CancellationToken cancellationToken) => Task.Run(() => runtime.Spawn(async cancellationToken =>
        {
            await Task.Yield();
            return await runtime.CallAsync<int>(f, cancellationToken: cancellationToken);
        })));
        using PyObject run = module.GetAttr("run");
        Task<int>[] sums = [.. Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(() => run.Call<int>([callBack, 20]), TaskCreationOptions.LongRunning))];
        Console.WriteLine(Task.WhenAll(sums).Result.Sum());
        return 0;
    }
}
