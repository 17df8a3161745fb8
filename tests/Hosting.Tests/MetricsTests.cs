using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

[Collection(InThisProcess.Name)]
public sealed class MetricsTests
{
    [Fact]
    public async Task Meter_WithAwaitsOfBothSides_CountsThemForEachRuntime()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPyAsync();
        builder.Services.AddKeyedPyAsync("other", static options => options.Backend = "DedicatedThread");
        using IHost host = builder.Build();
        await host.StartAsync();
        IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        using PyObject module = PyObject.ImportSource("""
            import asyncio

            async def wait(released):
                return await released()
            """);
        TaskCompletionSource started = new();
        TaskCompletionSource<int> release = new();
        using PyObject released = runtime.FunctionIntoPy("released", _ =>
        {
            started.SetResult();
            return release.Task;
        });

        // Python awaits .NET within what .NET awaits of Python.
        Task<int> waiting = runtime.CallAsync<int>(module.GetAttr("wait"), [released]);
        await started.Task;
        await runtime.InvokeAsync(static () => true);
        Dictionary<(string Instrument, string Key), long> during = Collect(host);
        release.SetResult(7);
        (await waiting).ShouldBe(7);
        Dictionary<(string Instrument, string Key), long> after = Collect(host);
        await host.StopAsync();

        during[("pyasync.python.awaits", "")].ShouldBe(1);
        during[("pyasync.dotnet.awaits", "")].ShouldBe(1);
        during[("pyasync.python.awaits", "other")].ShouldBe(0);
        after[("pyasync.python.awaits", "")].ShouldBe(0);
        after[("pyasync.dotnet.awaits", "")].ShouldBe(0);
        after[("pyasync.loop.items", "")].ShouldBeGreaterThan(during[("pyasync.loop.items", "")]);
        after[("pyasync.loop.wakeups", "")].ShouldBeGreaterThan(0);
    }

    /// <summary>Reads the instruments of one host, as a collector does.</summary>
    private static Dictionary<(string Instrument, string Key), long> Collect(IHost host)
    {
        Dictionary<(string, string), long> seen = [];
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "PyAsync" && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            seen[(instrument.Name, (string)tags.ToArray().Single(static tag => tag.Key == "pyasync.key").Value!)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
