using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>The child process that serves an application with Kestrel, in the whole pipeline of ASP.NET Core.</summary>
internal static class KestrelServer
{
    public const string Argument = "--serve";

    /// <summary>The line on standard input that asks for the garbage collector's pauses so far, in milliseconds.</summary>
    public const string AskForPauses = "pauses";

    public static async Task<int> Run(string application)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPyAsync(static options => options.ModulePaths.Add(AppContext.BaseDirectory)).UseUvloop();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        app.MapAsgi("/", application);
        await app.StartAsync();

        int port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        int thread = await app.Services.GetRequiredService<IRuntime>().InvokeAsync(static () =>
        {
            using PyObject threading = PyObject.Import("threading");
            using PyObject id = threading.GetAttr("get_native_id").Call();
            return id.As<int>();
        });
        Console.WriteLine($"ready {port} {thread}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == AskForPauses)
            {
                Console.WriteLine(GC.GetTotalPauseDuration().TotalMilliseconds);
            }
        }

        await app.StopAsync();
        return 0;
    }
}
