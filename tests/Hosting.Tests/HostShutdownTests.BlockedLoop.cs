using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// Loops whose thread something blocks.
public sealed partial class HostShutdownTests
{
    [Fact]
    public async Task Stop_BlockedLoop_WarnsAndDisposalDoesNotHang()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync(static options => options.BlockingWaitTimeout = s_soon));
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using var blocks = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task blocked = runtime.InvokeAsync(() =>
        {
            using DetachScope scope = PythonThread.Detach();
            blocks.Set();
            release.Wait();
        });
        blocks.Wait(s_soon).ShouldBeTrue();

        await host.StopAsync().WaitAsync(s_soon);
        await Task.Run(host.Dispose).WaitAsync(s_soon);

        recorder.Entries.ShouldContain(static entry => entry.Contains("1 blocked event loop: ThreadPool/asyncio"));
        release.Set();
        await blocked.WaitAsync(s_soon);
    }

    [Theory]
    [InlineData("ThreadPool")]
    [InlineData("DedicatedThread")]
    [InlineData("LoopThread")]
    public async Task Dispose_PythonCodeBlocksTheLoop_SettlesAllCalls(string backend)
    {
        using PyObject module = PyObject.ImportSource(
            """
            import asyncio, time

            started, released, log = [], [], []

            async def never(i):
                started.append(i)
                await asyncio.sleep(1000)

            async def block():
                started.append("block")
                while not released:
                    time.sleep(0.01)
                log.append("continued")
            """,
            "blocking_code");
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, services => services.AddPyAsync(options =>
        {
            options.Backend = backend;
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
        }).AddDedicatedThread().AddLoopThread());
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject never = module.GetAttr("never");
        using PyObject started = module.GetAttr("started");
        using var source = new CancellationTokenSource();
        List<Task> calls = [.. Enumerable.Range(0, 100).Select(i => runtime.CallAsync(never, [i], i % 2 == 0 ? CancellationToken.None : source.Token))];
        await UntilAsync(() => started.Length == 100);
        calls.Add(runtime.CallAsync(module.GetAttr("block")));
        await UntilAsync(() => started.Length == 101);
        calls.AddRange(Enumerable.Range(0, 100).Select(i => runtime.CallAsync(never, [i])));
        calls.Add(runtime.InvokeAsync(static () => 1));

        await runtime.DisposeAsync().AsTask().WaitAsync(s_soon);

        foreach (Task call in calls)
        {
            await Should.ThrowAsync<OperationCanceledException>(call.WaitAsync(s_soon));
        }

        // The loop's thread continues, and ends the loop.
        module.GetAttr("released").CallMethod("append", [1]).Dispose();
        await UntilAsync(() => module.GetAttr("log").Length == 1);
        await source.CancelAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var time = new CancellationTokenSource(s_soon);
        while (!condition())
        {
            await Task.Delay(5, time.Token);
        }
    }
}
