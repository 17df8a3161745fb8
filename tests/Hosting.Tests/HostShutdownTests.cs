using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Hosts that stop with too little time, stop half started, or do not stop at all.</summary>
[Collection(InThisProcess.Name)]
public sealed partial class HostShutdownTests
{
    private const string Source = """
        import asyncio

        log = []

        async def obedient():
            try:
                await asyncio.sleep(60)
            finally:
                log.append("cleaned up")

        async def stubborn():
            while True:
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    pass
        """;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Stop_HostsTimeIsUp_WarnsAndNamesWhatWasInFlight()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        await Begin(runtime, "stubborn");
        Task ignoring = runtime.Spawn(IgnoreTheToken);
        await _begun.Task.WaitAsync(s_soon);

        await host.StopAsync().WaitAsync(s_soon);

        string warning = recorder.Entries.First(static entry => entry.Contains("HostOptions.ShutdownTimeout"));
        warning.ShouldContain("stubborn");
        warning.ShouldContain($"{nameof(HostShutdownTests)}.{nameof(IgnoreTheToken)}");
        host.Dispose();
        _never.SetResult();
        await ignoring.WaitAsync(s_soon);
    }

    [Fact]
    public async Task Stop_TokenIsCancelledAlready_WarnsAndStillCleansUp()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject module = await Begin(runtime, "obedient");

        await host.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StoppedAsync(new CancellationToken(canceled: true)).WaitAsync(s_soon);

        recorder.Entries.ShouldHaveSingleItem().ShouldContain("obedient");
        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
        Should.Throw<ObjectDisposedException>(() => { _ = runtime.InvokeAsync(static () => 1); });
        await host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(s_soon);
    }

    [Fact]
    public async Task Stop_InTime_WarnsOfNothing()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync(), TimeSpan.FromMinutes(1));
        await host.StartAsync();
        using PyObject module = await Begin(host.Services.GetRequiredService<IRuntime>(), "obedient");

        await host.StopAsync().WaitAsync(s_soon);

        recorder.Entries.ShouldBeEmpty();
        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
    }

    [Fact]
    public async Task Stop_SeveralRuntimes_EachIsNamedWithItsWork()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services =>
        {
            services.AddPyAsync();
            services.AddKeyedPyAsync("reports", static options => options.Backend = "DedicatedThread");
        });
        await host.StartAsync();
        await Begin(host.Services.GetRequiredService<IRuntime>(), "stubborn");
        await Begin(host.Services.GetRequiredKeyedService<IRuntime>("reports"), "obedient");

        await host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(s_soon);

        recorder.Entries.ShouldContain(static entry => entry.Contains("HostOptions.ShutdownTimeout") && entry.Contains("ThreadPool/asyncio") && entry.Contains("stubborn"));
        recorder.Entries.ShouldContain(static entry => entry.Contains("HostOptions.ShutdownTimeout") && entry.Contains("DedicatedThread/asyncio") && entry.Contains("obedient"));
    }

    [Fact]
    public async Task Dispose_WithoutAStop_EndsTheRuntime()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject module = await Begin(runtime, "obedient");

        await Task.Run(host.Dispose).WaitAsync(s_soon);

        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
        Should.Throw<ObjectDisposedException>(() => { _ = runtime.InvokeAsync(static () => 1); });
    }

    [Fact]
    public async Task Start_Cancelled_CanBeStoppedAndDisposed()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());

        await Should.ThrowAsync<OperationCanceledException>(host.StartAsync(new CancellationToken(canceled: true)));
        await host.StopAsync().WaitAsync(s_soon);
        await Task.Run(host.Dispose).WaitAsync(s_soon);
    }

    [Fact]
    public async Task Start_SecondRuntimeFails_FirstIsEndedWithTheHost()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services =>
        {
            services.AddPyAsync();
            services.AddKeyedPyAsync("second", static options => options.Signals = SignalHandling.Python);
            services.AddKeyedPyAsync("third");
        });

        (await Should.ThrowAsync<InvalidOperationException>(host.StartAsync())).Message.ShouldContain("PyAsync:Signals is \"Python\"");
        IRuntime first = host.Services.GetRequiredService<IRuntime>();
        await Begin(first, "obedient");
        await host.StopAsync().WaitAsync(s_soon);
        await Task.Run(host.Dispose).WaitAsync(s_soon);

        Should.Throw<ObjectDisposedException>(() => { _ = first.InvokeAsync(static () => 1); });
    }

    [Fact]
    public async Task Start_AskedToStopMeanwhile_EndsWithoutAnException()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddHostedService<StopsAtOnce>().AddPyAsync(), TimeSpan.FromMinutes(1));

        await host.RunAsync().WaitAsync(s_soon);
    }

    [Fact]
    public async Task Start_Twice_StartsOnceAndStopsOnce()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());
        IHostedLifecycleService service = host.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();

        await Task.WhenAll(runtime.StartAsync(), service.StartingAsync(CancellationToken.None));
        await service.StartingAsync(CancellationToken.None);
        await Begin(runtime, "obedient");
        await Task.WhenAll(service.StoppedAsync(CancellationToken.None), runtime.DisposeAsync().AsTask(), service.StoppedAsync(CancellationToken.None)).WaitAsync(s_soon);

        recorder.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_RuntimeThatTheApplicationHasDisposed_EndsWell()
    {
        using var recorder = new LogRecorder(LogLevel.Warning);
        using IHost host = CreateHost(recorder, static services => services.AddPyAsync());
        await host.StartAsync();
        await host.Services.GetRequiredService<IRuntime>().DisposeAsync();

        await host.StopAsync().WaitAsync(s_soon);
        await Task.Run(host.Dispose).WaitAsync(s_soon);

        recorder.Entries.ShouldBeEmpty();
    }

    private static async Task<PyObject> Begin(IRuntime runtime, string function)
    {
        PyObject module = PyObject.ImportSource(Source);
        _ = runtime.CallAsync(module.GetAttr(function));
        await runtime.InvokeAsync(static () => true);
        await runtime.InvokeAsync(static () => true);
        return module;
    }

    private static IHost CreateHost(LogRecorder recorder, Action<IServiceCollection> configure, TimeSpan? timeout = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(recorder);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = timeout ?? TimeSpan.FromMilliseconds(100));
        configure(builder.Services);
        return builder.Build();
    }

    private Task IgnoreTheToken(CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        return _never.Task;
    }

    private sealed class StopsAtOnce(IHostApplicationLifetime lifetime) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
