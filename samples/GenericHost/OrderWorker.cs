using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace GenericHost;

/// <summary>A service that lets Python analyse orders, several at a time.</summary>
internal sealed class OrderWorker(IRuntime runtime, HealthCheckService health, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PyObject jobs = await runtime.InvokeAsync(static () => PyObject.Import("jobs"), stoppingToken);
        using PyObject analyse = jobs.GetAttr("analyse");

        IEnumerable<Task<Dictionary<string, object>>> analyses = Enumerable.Range(1, 5).Select(id =>
            runtime.CallAsync<Dictionary<string, object>>(analyse, [Order(id)], stoppingToken));
        foreach (Dictionary<string, object> analysis in await Task.WhenAll(analyses))
        {
            Console.WriteLine($"order {analysis["id"]}: {analysis["total"]}");
        }

        HealthReport report = await health.CheckHealthAsync(stoppingToken);
        Console.WriteLine($"{runtime.Name} is {report.Status}");
        lifetime.StopApplication();
    }

    private static Dictionary<string, object> Order(int id) => new()
    {
        ["id"] = id,
        ["lines"] = new[]
        {
            new Dictionary<string, object> { ["price"] = 10, ["count"] = id },
            new Dictionary<string, object> { ["price"] = 1, ["count"] = 1 },
        },
    };
}
