using System.Diagnostics.Metrics;

namespace PyAsync;

/// <summary>
/// The instruments of the meter <c>PyAsync</c>, each with one measurement for each runtime. They are observable: their only cost is the read when a
/// listener collects them.
/// </summary>
internal sealed class PyAsyncMetrics
{
    private readonly List<(Runtime Runtime, KeyValuePair<string, object?>[] Tags)> _runtimes = [];

    public PyAsyncMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create("PyAsync");
        meter.CreateObservableUpDownCounter(
            "pyasync.python.awaits", () => Measure(static loop => (long)loop.Awaits), "{await}", "Python awaitables that .NET awaits.");
        meter.CreateObservableUpDownCounter(
            "pyasync.dotnet.awaits", () => Measure(static loop => (long)loop.Work), "{await}", ".NET work that Python awaits.");
        meter.CreateObservableCounter(
            "pyasync.loop.items", () => Measure(static loop => loop.Items), "{item}", "Requests, completions and callbacks that the event loop has handled for .NET.");
        meter.CreateObservableCounter(
            "pyasync.loop.wakeups", () => Measure(static loop => loop.WakeUps), "{wakeup}", "Wake-ups of the event loop by .NET: one system call each.");
    }

    public void Add(Runtime runtime, string? key)
    {
        lock (_runtimes)
        {
            _runtimes.Add((runtime, [new("pyasync.runtime", runtime.Name), new("pyasync.key", key ?? "")]));
        }
    }

    private List<Measurement<long>> Measure(Func<LoopStatistics, long> read)
    {
        lock (_runtimes)
        {
            // A runtime that has not been started has no loop, and so no measurements.
            return [.. from r in _runtimes
                       let loop = r.Runtime.Statistics
                       where loop is not null
                       select new Measurement<long>(read(loop.Value), r.Tags)];
        }
    }
}
