using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

[Collection(InThisProcess.Name)]
public sealed class HostTests
{
    [Fact]
    public async Task HostedServices_UseTheRuntime_FromStartToStop()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddHostedService<Worker>(); // Registered before PyAsync, and still served.
        builder.Services.AddPyAsync();
        using IHost host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        host.Services.GetRequiredService<Journal>().Entries.ShouldBe(["started", "stopped"]);
        Should.Throw<ObjectDisposedException>(() => { _ = host.Services.GetRequiredService<IRuntime>().InvokeAsync(() => 1); });
    }

    [Fact]
    public async Task Stop_WithWorkInFlight_EndsItInOrder()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync();
        using IHost host = builder.Build();
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject module = PyObject.ImportSource("import asyncio\nlog = []\nasync def work():\n    try: await asyncio.sleep(60)\n    finally: log.append('cleaned up')");
        Task<PyObject> work = runtime.CallAsync(module.GetAttr("work"));
        await runtime.InvokeAsync(() => true);
        await runtime.InvokeAsync(() => true);

        await host.StopAsync();

        work.IsCanceled.ShouldBeTrue();
        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
    }

    [Fact]
    public async Task RunUntilComplete_InAHost_NamesIntoFuture()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync();
        using IHost host = builder.Build();
        await host.StartAsync();

        Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<IRuntime>().RunUntilComplete(_ => Task.CompletedTask))
            .Message.ShouldContain("IntoFuture");
        await host.StopAsync();
    }

    [Fact]
    public async Task RunPyAsync_OnTheMainThread_RunsTheLoopThereAndTheHostBesideIt()
    {
        var journal = new Journal();

        await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            builder.Services.AddSingleton(journal);
            builder.Services.AddHostedService<Worker>();
            builder.Services.AddPyAsync();
            builder.Services.AddHostedService<OnMainThread>();
            builder.Build().RunPyAsync();
        });

        journal.Entries.ShouldBe(["started", "Python has its main thread: True", "stopped"]);
    }

    [Fact]
    public async Task OnMainThreadAsync_CalledThere_RunsAtOnce()
    {
        int inner = await PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncTestHost.OnMainThreadAsync(() => Environment.CurrentManagedThreadId).GetAwaiter().GetResult())
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        inner.ShouldBe(await PyAsyncTestHost.OnMainThreadAsync(() => Environment.CurrentManagedThreadId));
    }

    [Fact]
    public async Task RunPyAsync_HostThatFailsToStart_ThrowsWhatItThrew()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            builder.Services.AddPyAsync();
            builder.Services.AddHostedService<Failing>();
            builder.Build().RunPyAsync();
        }));

        e.Message.ShouldBe("not today");
    }

    [Fact]
    public void RunPyAsync_WithoutARuntime_SaysWhatToCall() =>
        Should.Throw<InvalidOperationException>(() => Host.CreateApplicationBuilder().Build().RunPyAsync())
            .Message.ShouldContain("call builder.Services.AddPyAsync() before the host is built");

    [Fact]
    public async Task Logging_UnobservedFailures_ReachILogger()
    {
        using var recorder = new LogRecorder(LogLevel.Error);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(recorder);
        builder.Services.AddPyAsync();
        using IHost host = builder.Build();
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject module = PyObject.ImportSource("""
            import asyncio, gc
            async def fail(): raise ValueError("forgotten by Python")
            async def forget():
                task = asyncio.create_task(fail())
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                del task
                gc.collect()
            """);

        await runtime.CallAsync(module.GetAttr("forget"));
        runtime.GetCurrentLoop().Post(() => throw new InvalidOperationException("forgotten by .NET"));
        await runtime.InvokeAsync(() => true);
        await host.StopAsync();

        recorder.Entries.ShouldContain(entry => entry.Contains("forgotten by Python"));
        recorder.Entries.Count(entry => entry.Contains("forgotten by .NET")).ShouldBe(1, "reported once, not twice");
    }

    [Fact]
    public async Task HealthCheck_LoopThatAnswersAndLoopThatDoesNot()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync(options => options.BlockingWaitTimeout = TimeSpan.FromMinutes(5));
        builder.Services.AddHealthChecks().AddPyAsync(timeout: TimeSpan.FromSeconds(3));
        using IHost host = builder.Build();
        await host.StartAsync();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();

        (await health.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        using var release = new ManualResetEventSlim();
        Task blocked = runtime.InvokeAsync(() =>
        {
            using DetachScope scope = PythonThread.Detach();
            release.Wait();
        });
        HealthReport report = await health.CheckHealthAsync();
        report.Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries["pyasync"].Description.ShouldNotBeNull().ShouldContain("blocks its thread");
        release.Set();
        await blocked;
        (await health.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await host.StopAsync();
        (await health.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task WithoutAHost_StartAsync_StartsTheLoop()
    {
        await using ServiceProvider services = new ServiceCollection().AddPyAsync().Services.BuildServiceProvider();
        IRuntime runtime = services.GetRequiredService<IRuntime>();
        await runtime.StartAsync();
        using PyObject asyncio = PyObject.Import("asyncio");

        (await runtime.CallAsync<int>(asyncio.GetAttr("sleep"), [0.001, 3])).ShouldBe(3);
    }

    private sealed class Journal
    {
        public ConcurrentQueue<string> Entries { get; } = new();
    }

    private sealed class Worker(IRuntime runtime, Journal journal) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Note("started");

        public Task StopAsync(CancellationToken cancellationToken) => Note("stopped");

        private async Task Note(string what)
        {
            using PyObject asyncio = PyObject.Import("asyncio");
            journal.Entries.Enqueue(await runtime.CallAsync<string>(asyncio.GetAttr("sleep"), [0.001, what]));
        }
    }

    private sealed class OnMainThread(IRuntime runtime, Journal journal, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using PyObject module = await runtime.InvokeAsync(
                () => PyObject.ImportSource("import threading\nasync def on_main(): return threading.current_thread() is threading.main_thread()"), stoppingToken);
            journal.Entries.Enqueue($"Python has its main thread: {await runtime.CallAsync<bool>(module.GetAttr("on_main"), cancellationToken: stoppingToken)}");
            lifetime.StopApplication();
        }
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("not today");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
