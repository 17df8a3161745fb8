using System.IO.Compression;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The section that is read, and the effect of an unknown key in it.</summary>
[Collection(InThisProcess.Name)]
public sealed class ConfigurationKeyTests
{
    private const string Known = "Known: Backend, BlockingWaitTimeout, Debug, DedicatedThread, EventLoop, KeepTracebackLocals, ModulePaths, Python, ShutdownTimeout, Signals.";

    [Theory]
    [InlineData("PyAsync:Bakend", "PyAsync:Bakend is not a setting. Did you mean Backend? " + Known)]
    [InlineData("PyAsync:ThreadPool:Threads", "PyAsync:ThreadPool is not a setting. " + Known)]
    [InlineData("PyAsync:shutdown_timeout", "PyAsync:shutdown_timeout is not a setting. Did you mean ShutdownTimeout? " + Known)]
    [InlineData("PyAsync:uvloop:Debug", "PyAsync:uvloop is not a setting. " + Known)]
    [InlineData("PyAsync:DedicatedThreads:Threads", "PyAsync:DedicatedThreads is not a setting. Did you mean DedicatedThread? " + Known)]
    [InlineData("PyAsync:DedicatedThread:Thread", "PyAsync:DedicatedThread:Thread is not a setting. Did you mean Threads? Known: Threads.")]
    [InlineData("PyAsync:DedicatedThread", "PyAsync:DedicatedThread takes no value: its keys are Threads.")]
    [InlineData("PyAsync", "PyAsync is \"2\" and takes no value: its keys are Backend, ")]
    [InlineData("PyAsync:ModulePaths", "PyAsync:ModulePaths:0 is the key of its first entry")]
    [InlineData("PyAsync:Backend:Name", "PyAsync:Backend takes a value and no keys, but holds Name.")]
    [InlineData("PyAsync:ModulePaths:0:Folder", "PyAsync:ModulePaths:0 takes a value and no keys, but holds Folder.")]
    public async Task Start_KeyThatNothingKnows_FailsAndListsTheKnownOnes(string key, string message) =>
        (await StartFails(new() { [key] = "2" }, static services => services.AddPyAsync())).Message.ShouldContain(message);

    [Fact]
    public async Task Start_TimeWithoutUnit_IsRefused()
    {
        OptionsValidationException e = await StartFails(new() { ["PyAsync:ShutdownTimeout"] = "10" }, static services => services.AddPyAsync());

        e.Message.ShouldBe("PyAsync:ShutdownTimeout is \"10\", which .NET reads as days: write 10 seconds as \"00:00:10\", and days as \"10.00:00:00\".");
    }

    [Fact]
    public async Task Start_SeveralWrongKeysAndValues_AreOneException()
    {
        OptionsValidationException e = await StartFails(
            new() { ["PyAsync:Bakend"] = "x", ["PyAsync:Loop"] = "x", ["PyAsync:Backend"] = "Tokio", ["PyAsync:ShutdownTimeout"] = "-00:00:01", ["PyAsync:DedicatedThread:Threads"] = "0" },
            static services => services.AddPyAsync());

        e.Failures.Count().ShouldBe(5);
    }

    [Theory]
    [InlineData("PyAsync:ShutdownTimeout", "soon")]
    [InlineData("PyAsync:ShutdownTimeout", "-1")]
    [InlineData("PyAsync:ShutdownTimeout", "10675199.02:48:05.4775807")]
    [InlineData("PyAsync:BlockingWaitTimeout", "24.00:00:01")]
    [InlineData("PyAsync:Debug", "perhaps")]
    [InlineData("PyAsync:Signals", "Often")]
    [InlineData("PyAsync:Backend", "Tokio")]
    [InlineData("PyAsync:EventLoop", "glib")]
    [InlineData("PyAsync:Backend", "")]
    [InlineData("PyAsync:ModulePaths:0", "no-such-folder")]
    [InlineData("PyAsync:DedicatedThread:Threads", "0")]
    [InlineData("PyAsync:DedicatedThread:Threads", "two")]
    [InlineData("PyAsync:Bakend", "ThreadPool")]
    public async Task Start_InvalidSetting_IsAlwaysTheSameKindOfException(string key, string value)
    {
        await StartFails(new() { [key] = value }, static services => services.AddPyAsync());
        await StartFails(new() { [key] = value, ["PyAsync:Backend"] = key == "PyAsync:Backend" ? value : "DedicatedThread" }, static services => services.AddPyAsync());

        // Without a host, too.
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        await using ServiceProvider services = new ServiceCollection().AddPyAsync(configuration.GetSection("PyAsync")).Services.BuildServiceProvider();
        Should.Throw<OptionsValidationException>(services.GetRequiredService<IRuntime>);
    }

    [Fact]
    public async Task AddPyAsync_WithoutASectionInAHost_ReadsPyAsync()
    {
        using IHost host = Build(new() { ["PyAsync:Backend"] = "DedicatedThread", ["PyAsync:DedicatedThread:Threads"] = "2" }, static services => services.AddPyAsync());
        await host.StartAsync();

        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        runtime.Name.ShouldBe("DedicatedThread/asyncio");
        int[] threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.Spawn(static _ => Task.FromResult(Environment.CurrentManagedThreadId))));
        threads.Distinct().Count().ShouldBe(2);
        await host.StopAsync();
    }

    [Fact]
    public void AddPyAsync_OptionsInCode_ComeAfterTheHostsSection()
    {
        using IHost host = Build(new() { ["PyAsync:Backend"] = "Tokio" }, static services => services.AddPyAsync(static options => options.Backend = "DedicatedThread"));

        host.Services.GetRequiredService<IRuntime>().Name.ShouldBe("DedicatedThread/asyncio");
    }

    [Fact]
    public void AddPyAsync_GivenSection_IsReadInPlaceOfTheHosts()
    {
        using IHost host = Build(new() { ["PyAsync:Bakend"] = "x", ["Mine:Backend"] = "DedicatedThread" }, static services => services.AddPyAsync());
        using IHost given = Build(
            new() { ["PyAsync:Bakend"] = "x", ["Mine:Backend"] = "DedicatedThread" },
            static (services, configuration) => services.AddPyAsync(configuration.GetSection("Mine")));

        Should.Throw<OptionsValidationException>(host.Services.GetRequiredService<IRuntime>);
        given.Services.GetRequiredService<IRuntime>().Name.ShouldBe("DedicatedThread/asyncio");
    }

    [Fact]
    public async Task AddKeyedPyAsync_ReadsItsSectionBelowPyAsyncAndItsKeysAreKnown()
    {
        using IHost host = Build(
            new() { ["PyAsync:Backend"] = "ThreadPool", ["PyAsync:reports:Backend"] = "DedicatedThread" },
            static services =>
            {
                services.AddPyAsync();
                services.AddKeyedPyAsync("reports");
            });

        host.Services.GetRequiredService<IRuntime>().Name.ShouldBe("ThreadPool/asyncio");
        host.Services.GetRequiredKeyedService<IRuntime>("reports").Name.ShouldBe("DedicatedThread/asyncio");
        (await StartFails(new() { ["PyAsync:reports:Bakend"] = "x" }, static services => services.AddKeyedPyAsync("reports")))
            .Message.ShouldContain("PyAsync:reports:Bakend is not a setting. Did you mean Backend? Known: ");
    }

    [Fact]
    public async Task ThirdParties_KeysOfBackendsAndLoopsAreKnown()
    {
        Dictionary<string, string?> settings = new() { ["PyAsync:mine:Size"] = "1", ["PyAsync:theirs:Anything"] = "1", ["PyAsync:Quota:Limit"] = "1" };
        static void Register(IServiceCollection services) => services.AddPyAsync()
            .AddBackend("mine", static (_, _) => new ThreadPoolBackend())
            .AddEventLoop(new TheirLoop())
            .AddConfigurationKey("Quota", "Limit");
        using IHost host = Build(settings, Register);

        host.Services.GetRequiredService<IRuntime>().Name.ShouldBe("ThreadPool/asyncio");
        (await StartFails(new(settings) { ["PyAsync:Quota:Limits"] = "1" }, Register)).Message.ShouldContain("PyAsync:Quota:Limits is not a setting. Did you mean Limit? Known: Limit.");
        (await StartFails(new(settings) { ["PyAsync:ours"] = "1" }, Register)).Message.ShouldContain("mine, ModulePaths, Python, Quota, ShutdownTimeout, Signals, theirs");
    }

    [Fact]
    public async Task ModulePaths_FolderThatDoesNotExist_IsAnErrorThatNamesTheFolder()
    {
        (await StartFails(new() { ["PyAsync:ModulePaths:0"] = "no-such-folder" }, static services => services.AddPyAsync()))
            .Message.ShouldContain($"there is no folder {Path.Combine(AppContext.BaseDirectory, "no-such-folder")}");
        Should.Throw<ArgumentException>(() => PyAsyncRuntime.Create(options: new PyAsyncOptions { ModulePaths = { "/no/such/folder" } }))
            .Message.ShouldContain("there is no folder /no/such/folder");
    }

    [Fact]
    public async Task ModulePaths_RelativeFoldersAndZipFiles_AreImportedFrom()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "modules-of-configuration");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "in_a_folder.py"), "value = 1");
        string archive = Path.Combine(folder, "archive.zip");
        File.Delete(archive);
        await using (ZipArchive zip = ZipFile.Open(archive, ZipArchiveMode.Create))
        {
            await using var file = new StreamWriter(zip.CreateEntry("below/in_a_zip.py").Open());
            await file.WriteAsync("value = 2");
        }

        using IHost host = Build(
            new() { ["PyAsync:ModulePaths:0"] = "modules-of-configuration", ["PyAsync:ModulePaths:1"] = Path.Combine(archive, "below") },
            static services => services.AddPyAsync());
        await host.StartAsync();

        int[] values = await host.Services.GetRequiredService<IRuntime>().InvokeAsync(static () =>
            new[] { PyObject.Import("in_a_folder").GetAttr("value").As<int>(), PyObject.Import("in_a_zip").GetAttr("value").As<int>() });
        values.ShouldBe([1, 2]);
        await host.StopAsync();
    }

    private static async Task<OptionsValidationException> StartFails(Dictionary<string, string?> settings, Action<IServiceCollection> register)
    {
        using IHost host = Build(settings, register);
        return await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private static IHost Build(Dictionary<string, string?> settings, Action<IServiceCollection> register) =>
        Build(settings, (services, _) => register(services));

    private static IHost Build(Dictionary<string, string?> settings, Action<IServiceCollection, IConfiguration> register)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        register(builder.Services, builder.Configuration);
        return builder.Build();
    }

    private sealed class TheirLoop : EventLoopFactory
    {
        public override string Name => "theirs";

        public override PyObject CreateLoop() => throw new NotSupportedException();
    }
}
