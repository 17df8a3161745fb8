using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TypedModule;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPyAsync().AddPyImport<IWeather>();
builder.Services.AddHostedService<Report>();
using IHost host = builder.Build();
await host.RunAsync();

/// <summary>Uses Python's module as any other service.</summary>
internal sealed class Report(IWeather weather, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Console.WriteLine($"weather {weather.Version}");
        Console.WriteLine($"by Python's default: {(await weather.ForecastAsync("Oslo", cancellationToken: stoppingToken)).Length} days");
        Console.WriteLine(string.Join(", ", (await weather.ForecastAsync("Oslo", 3, stoppingToken)).Select(static day => $"{day.Degrees} degrees")));

        await foreach (double reading in weather.ReadingsAsync(20, stoppingToken))
        {
            Console.WriteLine(reading);
            if (reading >= 20.2)
            {
                break;
            }
        }

        Console.WriteLine(await weather.SummarizeAsync("rain and wind", static async (word, token) =>
        {
            await Task.Delay(1, token);
            Console.WriteLine(word);
        }, stoppingToken));

        using IClient client = await weather.ConnectAsync("weather.test", stoppingToken);
        await client.UsingAsync(
            static async (client, token) =>
            {
                Console.WriteLine($"{await client.TemperatureAsync("Rome", cancellationToken: token)} C, {await client.TemperatureAsync("Rome", "F", token)} F");
                Console.WriteLine($"{client.Count} city in the cache, with {client["Rome"]} C");
            },
            stoppingToken);
        lifetime.StopApplication();
    }
}
