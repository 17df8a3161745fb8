using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

[Collection(InThisProcess.Name)]
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(null, "ThreadPool/asyncio")]
    [InlineData("ThreadPool", "ThreadPool/asyncio")]
    [InlineData("DedicatedThread", "DedicatedThread/asyncio")]
    [InlineData("dedicatedthread", "DedicatedThread/asyncio")]
    [InlineData("LoopThread", "LoopThread/asyncio")]
    [InlineData("EventLoop", "LoopThread/asyncio")]
    public async Task AddPyAsync_Section_SwapsTheBackend(string? backend, string expected)
    {
        IConfiguration section = Section(backend is null ? [] : new() { ["Backend"] = backend });
        await using ServiceProvider services = new ServiceCollection().AddPyAsync(section).Services.BuildServiceProvider();

        services.GetRequiredService<IRuntime>().Name.ShouldBe(expected);
    }

    [Fact]
    public async Task AddPyAsync_AppSettings_SwapTheBackendWithoutAWordOfCode()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pyasync");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "appsettings.json"),
            """{ "PyAsync": { "Backend": "DedicatedThread", "ShutdownTimeout": "00:00:03", "ModulePaths": [ "." ], "DedicatedThread": { "Threads": 2 } } }""");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Services.AddPyAsync(builder.Configuration.GetSection(PyAsyncOptions.SectionName));
        using IHost host = builder.Build();
        await host.StartAsync();

        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        runtime.Name.ShouldBe("DedicatedThread/asyncio");
        int[] threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.Spawn(_ => Task.FromResult(Environment.CurrentManagedThreadId))));
        threads.Distinct().Count().ShouldBe(2);
        PyAsyncOptions options = host.Services.GetRequiredService<IOptions<PyAsyncOptions>>().Value;
        options.ShutdownTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        options.ModulePaths.ShouldBe(["."]);

        await host.StopAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task AddPyAsync_OptionsInCode_ComeAfterTheSection()
    {
        IServiceCollection services = new ServiceCollection();
        services.AddPyAsync(Section(new() { ["Backend"] = "DedicatedThread" }));
        services.AddPyAsync(options => options.Backend = "ThreadPool");
        await using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredService<IRuntime>().Name.ShouldBe("ThreadPool/asyncio");
        provider.GetServices<IRuntime>().Count().ShouldBe(1, "a second call only changes settings");
    }

    [Fact]
    public async Task UseBackend_InCode_ChoosesIt()
    {
        await using ServiceProvider dedicated = new ServiceCollection().AddPyAsync().UseDedicatedThread(threads: 3).Services.BuildServiceProvider();
        await using ServiceProvider pool = new ServiceCollection().AddPyAsync().UseDedicatedThread().UseThreadPool().Services.BuildServiceProvider();

        dedicated.GetRequiredService<IRuntime>().Name.ShouldBe("DedicatedThread/asyncio");
        pool.GetRequiredService<IRuntime>().Name.ShouldBe("ThreadPool/asyncio");
    }

    [Theory]
    [InlineData("asyncio", true)]
    [InlineData("asyncio", false)]
    [InlineData("named", false)]
    public async Task ShortFormForUvloop_WithAnotherEventLoop_IsAnError(string loop, bool inCode)
    {
        OptionsValidationException e = await StartFails(services => (inCode
            ? services.AddPyAsync(options => (options.Backend, options.EventLoop) = ("uvloop", loop))
            : services.AddPyAsync(Section(new() { ["Backend"] = "uvloop", ["EventLoop"] = loop }))).AddEventLoop(new NamedLoopFactory()));

        e.Failures.ShouldBe([$"PyAsync:Backend is \"uvloop\", which is short for the thread pool with uvloop, but PyAsync:EventLoop is \"{loop}\". Remove PyAsync:EventLoop for uvloop, or set PyAsync:Backend to \"ThreadPool\" for {loop}."]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("uvloop")]
    [InlineData("UVLOOP")]
    public async Task ShortFormForUvloop_WithoutAnotherEventLoop_ChoosesUvloop(string? loop)
    {
        Dictionary<string, string?> settings = new() { ["Backend"] = "Uvloop" };
        if (loop is not null)
        {
            settings["EventLoop"] = loop;
        }

        await using ServiceProvider services = new ServiceCollection().AddPyAsync(Section(settings)).Services.BuildServiceProvider();

        services.GetRequiredService<IRuntime>().Name.ShouldBe("ThreadPool/uvloop");
    }

    [Fact]
    public async Task AddBackend_OfAThirdParty_IsChosenByName()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(new Greeting("hello"))
            .AddPyAsync(options => options.Backend = "mine")
            .AddBackend<MyBackend>("mine")
            .Services.BuildServiceProvider();
        await using IRuntime runtime = services.GetRequiredService<IRuntime>();
        await runtime.StartAsync();

        runtime.Name.ShouldBe("mine hello/asyncio");
        (await runtime.Spawn(_ => Task.FromResult(5))).ShouldBe(5);
    }

    [Fact]
    public async Task AddEventLoop_OfAThirdParty_IsChosenByName()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddPyAsync()
            .AddEventLoop(new NamedLoopFactory())
            .UseEventLoop("named")
            .Services.BuildServiceProvider();
        IRuntime runtime = services.GetRequiredService<IRuntime>();
        await runtime.StartAsync();

        using PyObject loop = runtime.GetCurrentLoop().GetPythonLoop();
        loop.GetAttr("name").As<string>().ShouldBe("mine");
    }

    [Fact]
    public async Task AddKeyedPyAsync_EachHasItsOwnLoopAndSettings()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync();
        builder.Services.AddKeyedPyAsync("reports", options => options.Backend = "DedicatedThread");
        builder.Services.AddKeyedPyAsync("mails", Section(new() { ["Backend"] = "DedicatedThread", ["DedicatedThread:Threads"] = "2" }));
        using IHost host = builder.Build();
        await host.StartAsync();

        IRuntime main = host.Services.GetRequiredService<IRuntime>();
        IRuntime reports = host.Services.GetRequiredKeyedService<IRuntime>("reports");
        IRuntime mails = host.Services.GetRequiredKeyedService<IRuntime>("mails");
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject get = asyncio.GetAttr("get_running_loop");
        PyObject[] loops = [await main.CallAsync(get), await reports.CallAsync(get), await mails.CallAsync(get)];

        loops[0].Is(loops[1]).ShouldBeFalse();
        loops[1].Is(loops[2]).ShouldBeFalse();

        // Also from each other's work, and from a function of one that the loop of another calls.
        foreach (IRuntime caller in new[] { main, reports, mails })
        {
            using PyObject again = await caller.Spawn(cancellationToken => mails.CallAsync(get, cancellationToken: cancellationToken));
            again.Is(loops[2]).ShouldBeTrue();
            using PyObject awaited = PyObject.ImportSource("async def awaited(f): return await f()", "keyed");
            using PyObject ofReports = reports.FunctionIntoPy("f", async cancellationToken => await reports.CallAsync(get, cancellationToken: cancellationToken));
            using PyObject called = await caller.CallAsync(awaited.GetAttr("awaited"), [ofReports]);
            called.Is(loops[1]).ShouldBeTrue();
        }

        (main.Name, reports.Name, mails.Name).ShouldBe(("ThreadPool/asyncio", "DedicatedThread/asyncio", "DedicatedThread/asyncio"));
        Array.ForEach(loops, loop => loop.Dispose());
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_UnknownBackend_FailsAndListsTheKnownOnes()
    {
        OptionsValidationException e = await StartFails(services => services.AddPyAsync(options => options.Backend = "Tokio").AddBackend<MyBackend>("mine"));

        e.Message.ShouldContain("\"Tokio\"");
        e.Message.ShouldContain("Known: DedicatedThread, LoopThread, mine, ThreadPool, Uvloop.");
        e.Message.ShouldContain("AddBackend");
    }

    [Fact]
    public async Task Start_UnknownEventLoop_FailsAndListsTheKnownOnes()
    {
        OptionsValidationException e = await StartFails(services => services.AddPyAsync(options => options.EventLoop = "glib"));

        e.Message.ShouldContain("\"glib\"");
        e.Message.ShouldContain("Known: asyncio, uvloop");
    }

    [Fact]
    public async Task Start_InvalidSignals_ListsTheKnownOnes()
    {
        (await StartFails(services => services.AddPyAsync(options => options.Signals = (SignalHandling)9)))
            .Message.ShouldContain("Signals is 9: give one of Host, Python, None");
        OptionsValidationException e = await StartFails(services => services.AddPyAsync(Section(new() { ["Signals"] = "Often" })));
        e.Message.ShouldContain("'Often'");
        e.Message.ShouldContain("Signals takes Host, Python, None");
    }

    [Fact]
    public async Task Start_PythonsSignalsOffTheMainThread_IsRefused()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync(options => options.Signals = SignalHandling.Python);
        using IHost host = builder.Build();
        (await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync())).Message.ShouldContain("PyAsyncApp.Run");

        using IRuntime runtime = PyAsyncRuntime.Create(options: new PyAsyncOptions { Signals = SignalHandling.Python });
        (await Should.ThrowAsync<InvalidOperationException>(Task.Run(() => runtime.RunUntilComplete(_ => Task.CompletedTask))))
            .Message.ShouldContain("main thread");
    }

    [Fact]
    public async Task Start_InvalidOptions_ReportsEachErrorAndItsCorrection()
    {
        OptionsValidationException e = await StartFails(services => services.AddPyAsync(options =>
        {
            options.ShutdownTimeout = TimeSpan.FromSeconds(-1);
            options.BlockingWaitTimeout = TimeSpan.Zero;
            options.ModulePaths.Add(" ");
        }));

        e.Failures.Count().ShouldBe(3);
        e.Message.ShouldContain("ShutdownTimeout is -00:00:01: give zero or more");
        e.Message.ShouldContain("BlockingWaitTimeout is 00:00:00: give more than zero");
        e.Message.ShouldContain("ModulePaths holds an empty entry");
    }

    [Fact]
    public async Task Start_InvalidKeyedOptions_Fails() =>
        (await StartFails(services => services.AddKeyedPyAsync("reports", options => options.Backend = ""))).Message.ShouldContain("Backend is empty");

    [Fact]
    public void Create_InvalidOptions_IsRefused()
    {
        var options = new PyAsyncOptions { ShutdownTimeout = TimeSpan.FromSeconds(-1) };

        Should.Throw<ArgumentException>(() => PyAsyncRuntime.Create(options: options)).Message.ShouldContain("ShutdownTimeout");
        Should.Throw<ArgumentOutOfRangeException>(() => new DedicatedThreadBackend(new DedicatedThreadOptions { Threads = 0 })).Message.ShouldContain("within 1 and 1024");
    }

    [Fact]
    public async Task Start_UnusablePython_FailsWithWhatWasTried()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync(options => options.Python = "/no/such/python");
        using IHost host = builder.Build();

        (await Should.ThrowAsync<PythonNotFoundException>(() => host.StartAsync())).Message.ShouldContain("/no/such/python");
    }

    private static async Task<OptionsValidationException> StartFails(Action<IServiceCollection> register)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        register(builder.Services);
        using IHost host = builder.Build();
        return await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private static IConfiguration Section(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    public sealed record Greeting(string Text);

    public sealed class MyBackend(Greeting? greeting = null) : RuntimeBackend
    {
        private readonly ThreadPoolBackend _pool = new();

        public override string Name => "mine " + greeting?.Text;

        public override WorkLane OpenLane(EventLoop loop) => _pool.OpenLane(loop);
    }

    private sealed class NamedLoopFactory : EventLoopFactory
    {
        public override string Name => "named";

        public override PyObject CreateLoop()
        {
            using PyObject module = PyObject.ImportSource("import asyncio\nclass Loop(asyncio.SelectorEventLoop):\n    name = 'mine'");
            return module.CallMethod("Loop");
        }
    }
}
