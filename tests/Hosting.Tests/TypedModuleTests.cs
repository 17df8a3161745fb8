using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Interfaces of Python modules as services.</summary>
[Collection(InThisProcess.Name)]
public sealed class TypedModuleTests
{
    [Fact]
    public async Task AddPyImport_IsASingletonOfTheRuntime()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync().AddPyImport<IAsyncio>().AddPyImport<IAsyncio>();
        builder.Services.AddSingleton<Sleeper>();
        using IHost host = builder.Build();
        await host.StartAsync();

        IAsyncio asyncio = host.Services.GetServices<IAsyncio>().ShouldHaveSingleItem();

        asyncio.ShouldBeSameAs(host.Services.GetRequiredService<IRuntime>().Import<IAsyncio>());
        (await host.Services.GetRequiredService<Sleeper>().RunAsync()).ShouldBe("slept");
        await host.StopAsync();
    }

    [Fact]
    public async Task AddPyImport_OfAKeyedBuilder_UsesTheLoopOfThatRuntime()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync().AddPyImport<IAsyncio>();
        builder.Services.AddKeyedPyAsync("reports").AddPyImport<IAsyncio>();
        using IHost host = builder.Build();
        await host.StartAsync();

        foreach (string? key in (string?[])[null, "reports"])
        {
            IAsyncio asyncio = key is null ? host.Services.GetRequiredService<IAsyncio>() : host.Services.GetRequiredKeyedService<IAsyncio>(key);
            IRuntime runtime = key is null ? host.Services.GetRequiredService<IRuntime>() : host.Services.GetRequiredKeyedService<IRuntime>(key);
            using PyObject own = runtime.GetCurrentLoop().GetPythonLoop(), used = await asyncio.GetRunningLoopAsync();
            used.Is(own).ShouldBeTrue(key);
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task AddPyImport_OfAModuleThatDoesNotExist_FailsAtItsFirstUse()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync().AddPyImport<INowhere>();
        using IHost host = builder.Build();
        await host.StartAsync();

        (await Should.ThrowAsync<PyImportException>(() => host.Services.GetRequiredService<INowhere>().GoAsync())).Module.ShouldBe("typed_nowhere");
        await host.StopAsync();
    }

    [Fact]
    public void AddPyImport_OfAnInterfaceThatIsNotMarked_Fails() =>
        Should.Throw<InvalidOperationException>(static () => new ServiceCollection().AddPyAsync().AddPyImport<IDisposable>())
            .Message.ShouldContain("There is no implementation of System.IDisposable. Mark the interface [PyImport(\"module\")]");

    [Fact]
    public async Task AService_TakesAFake()
    {
        ServiceProvider services = new ServiceCollection().AddSingleton<IAsyncio, FakeAsyncio>().AddSingleton<Sleeper>().BuildServiceProvider();
        (await services.GetRequiredService<Sleeper>().RunAsync()).ShouldBe("faked");
    }

    private sealed class Sleeper(IAsyncio asyncio)
    {
        public Task<string> RunAsync() => asyncio.SleepAsync(0, "slept");
    }

    private sealed class FakeAsyncio : IAsyncio
    {
        public Task<string> SleepAsync(double delay, string result) => Task.FromResult("faked");

        public Task<PyObject> GetRunningLoopAsync() => throw new NotSupportedException();
    }
}

[PyImport("asyncio")]
internal interface IAsyncio
{
    Task<string> SleepAsync(double delay, string result);

    Task<PyObject> GetRunningLoopAsync();
}

[PyImport("typed_nowhere")]
internal interface INowhere
{
    Task GoAsync();
}
